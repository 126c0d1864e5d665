#pragma once

#include <stdexcept>
#include <string>

/// The errors that the library throws. Each message is one sentence that names what was wrong and where: the function
/// and argument, the file and byte, or the configuration key. The library never prints and never exits.
namespace saccade {

/// Base of every error below, so that a caller can tell our errors from the standard library's.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// An array of the wrong rank or size was passed to a function.
class ShapeError : public Error {
 public:
  using Error::Error;
};

/// A configuration key is unknown, of the wrong type, or out of its range.
class ConfigError : public Error {
 public:
  using Error::Error;
};

/// A file is missing, unreadable, truncated or corrupt, or cannot be written.
class IoError : public Error {
 public:
  using Error::Error;
};

/// A loss or gradient became infinite or not a number.
class NonFiniteError : public Error {
 public:
  using Error::Error;
};

/// An argument that is no shape is outside what a function accepts.
class ArgumentError : public Error {
 public:
  using Error::Error;
};

/// The user asked to stop.
class Interrupted : public Error {
 public:
  using Error::Error;
};

}  // namespace saccade
