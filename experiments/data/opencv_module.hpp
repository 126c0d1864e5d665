#pragma once

namespace saccade::experiments {

/// A function of the shared library that is linked with OpenCV. The first call loads that library, which stays loaded:
/// what it made lives as long as it likes.
/// @throws ConfigError  in a build without OpenCV (CMake option SACCADE_OPENCV)
/// @throws IoError      if the library cannot be loaded or has no such function
[[nodiscard]] void* opencv_symbol(const char* name);

/// The same with its type, one of experiments/data/opencv/module.hpp.
template <typename Function>
[[nodiscard]] Function* opencv_function(const char* name) {
  return reinterpret_cast<Function*>(opencv_symbol(name));
}

}  // namespace saccade::experiments
