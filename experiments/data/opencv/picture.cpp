#include "experiments/data/opencv/picture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iostream>
#include <opencv2/core/utils/logger.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <string>
#include <string_view>

#include "core/errors.hpp"
#include "core/io/file.hpp"
#include "experiments/data/opencv/module.hpp"

namespace saccade::experiments::opencv {
namespace {

/// While it lives, nothing is written to standard error: OpenCV's decoders tell of broken pictures there.
class Quiet {
 public:
  Quiet() : before_{std::cerr.rdbuf(nullptr)} {}
  Quiet(const Quiet&) = delete;
  Quiet& operator=(const Quiet&) = delete;
  ~Quiet() {
    std::cerr.rdbuf(before_);
    std::cerr.clear();
  }

 private:
  std::streambuf* before_;
};

/// Decoders fill up with grey what is missing of a JPEG, whose last marker is missing then too.
bool is_cut_short(std::string_view photograph) {
  return photograph.starts_with("\xff\xd8") && photograph.rfind("\xff\xd9") == std::string_view::npos;
}

/// Empty if it is no picture.
cv::Mat decode(std::string& photograph) {
  const Quiet quiet;
  try {
    const cv::Mat packed(1, static_cast<int>(photograph.size()), CV_8U, photograph.data());
    return photograph.empty() ? cv::Mat() : cv::imdecode(packed, cv::IMREAD_COLOR);
  } catch (const cv::Exception&) {
    return {};
  }
}

}  // namespace

cv::Mat read_picture(const std::filesystem::path& path) {
  std::string bytes = io::read_file(path);
  if (is_cut_short(bytes)) throw IoError(fmt::format("{}: this JPEG is cut short: its end is missing", path.string()));
  cv::Mat picture = decode(bytes);
  if (picture.empty()) throw IoError(fmt::format("{}: OpenCV cannot decode this as a picture", path.string()));
  return picture;
}

namespace {

cv::Mat scaled_down(const cv::Mat& picture, std::size_t longest_side) {
  const auto side = static_cast<double>(std::max(picture.rows, picture.cols));
  const double scale = static_cast<double>(longest_side) / side;
  if (scale >= 1) return picture;
  const auto length = [&](int pixels) { return std::max(1, static_cast<int>(std::lround(scale * pixels))); };
  cv::Mat small;
  cv::resize(picture, small, {length(picture.cols), length(picture.rows)}, 0, 0, cv::INTER_AREA);
  return small;
}

void copy_pixels(const cv::Mat& picture, Photograph& into) {
  into.height = static_cast<std::size_t>(picture.rows);
  into.width = static_cast<std::size_t>(picture.cols);
  into.pixels.clear();
  for (int y = 0; y < picture.rows; ++y) {
    for (int x = 0; x < picture.cols; ++x) {
      const auto& pixel = picture.at<cv::Vec3b>(y, x);
      for (const int channel : {2, 1, 0}) into.pixels.push_back(static_cast<float>(pixel[channel]) / 255.0F);
    }
  }
}

}  // namespace

extern "C" [[gnu::visibility("default")]] void saccade_read_photograph_by_opencv(const std::filesystem::path& path,
                                                                                 std::size_t longest_side,
                                                                                 Photograph& into) {
  cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
  copy_pixels(scaled_down(read_picture(path), longest_side), into);
}

}  // namespace saccade::experiments::opencv
