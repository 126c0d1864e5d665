#pragma once

#include <initializer_list>
#include <string>

#include "tests/support/temp_folder.hpp"

/// Files in the form of MNIST's, of a few images.
namespace saccade::tests {

inline constexpr const char* mnist_train_images = "train-images-idx3-ubyte";
inline constexpr const char* mnist_train_labels = "train-labels-idx1-ubyte";
inline constexpr const char* mnist_test_images = "t10k-images-idx3-ubyte";
inline constexpr const char* mnist_test_labels = "t10k-labels-idx1-ubyte";

inline std::string idx_header(int rank, std::initializer_list<std::size_t> sizes) {
  std::string bytes{'\0', '\0', '\x08', static_cast<char>(rank)};
  for (const std::size_t size : sizes) bytes += std::string{'\0', '\0', '\0', static_cast<char>(size)};
  return bytes;
}

/// Image i is filled with `first` + i.
inline std::string idx_images(std::size_t count, int first, std::size_t side = 28) {
  std::string bytes = idx_header(3, {count, side, side});
  for (std::size_t i = 0; i < count; ++i) bytes += std::string(side * side, static_cast<char>(first + int(i)));
  return bytes;
}

/// Label i is i mod 10.
inline std::string idx_labels(std::size_t count) {
  std::string bytes = idx_header(1, {count});
  for (std::size_t i = 0; i < count; ++i) bytes += static_cast<char>(i % 10);
  return bytes;
}

/// A small MNIST, 12 training images and 3 to test, in the folder itself or in one below it, whose name ends with "/".
inline void write_small_mnist(const TempFolder& folder, const std::string& below = "") {
  folder.write(below + mnist_train_images, idx_images(12, 0));
  folder.write(below + mnist_train_labels, idx_labels(12));
  folder.write(below + mnist_test_images, idx_images(3, 100));
  folder.write(below + mnist_test_labels, idx_labels(3));
}

}  // namespace saccade::tests
