#pragma once

#include <filesystem>
#include <opencv2/core.hpp>

namespace saccade::experiments::opencv {

/// Blue, green and red, 8 bits each.
/// @throws IoError  naming a file that is missing, a JPEG that is cut short or no picture that can be decoded
[[nodiscard]] cv::Mat read_picture(const std::filesystem::path& path);

}  // namespace saccade::experiments::opencv
