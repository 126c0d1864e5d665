#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

namespace saccade::experiments {

/// A picture for people to look at.
struct Photograph {
  std::size_t height = 0;
  std::size_t width = 0;
  std::vector<float> pixels;  ///< [height, width, 3]: red, green and blue, 0 to 1
};

/// Reads a picture of any kind that OpenCV decodes. One whose longer side has more than `longest_side` pixels is scaled
/// down to that, its aspect kept: a pixel becomes the mean over the area that it covers. Loads OpenCV, as make_encoder
/// does.
/// @throws ArgumentError  if longest_side is 0
/// @throws ConfigError    a build without OpenCV
/// @throws IoError        naming the file: missing, cut short, no picture that can be decoded; OpenCV cannot be loaded
[[nodiscard]] Photograph read_photograph(const std::filesystem::path& path, std::size_t longest_side);

}  // namespace saccade::experiments
