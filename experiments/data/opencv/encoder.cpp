#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <opencv2/core/utils/logger.hpp>
#include <opencv2/dnn.hpp>
#include <string_view>
#include <vector>

#include "core/errors.hpp"
#include "core/io/file.hpp"
#include "experiments/data/opencv/module.hpp"
#include "experiments/data/opencv/picture.hpp"

namespace saccade::experiments::opencv {
namespace {

/// What OpenCV puts before the names of ONNX nodes.
constexpr std::string_view node_prefix = "onnx_node!";

std::string without_prefix(const std::string& name) {
  return name.starts_with(node_prefix) ? name.substr(node_prefix.size()) : name;
}

/// OpenCV's reason, on one line.
std::string reason(const cv::Exception& error) {
  std::string text = error.err;
  std::ranges::replace(text, '\n', ' ');
  return text;
}

cv::dnn::Net read_network(const std::filesystem::path& file) {
  const std::string bytes = io::read_file(file);
  try {
    return cv::dnn::readNetFromONNX(bytes.data(), bytes.size());
  } catch (const cv::Exception& error) {
    throw IoError(fmt::format("{}: OpenCV cannot read this as an ONNX network: {}", file.string(), reason(error)));
  }
}

std::string output_of(const cv::dnn::Net& network, const std::filesystem::path& file) {
  std::vector<std::string> outputs = network.getUnconnectedOutLayersNames();
  if (outputs.size() == 1) return outputs[0];
  std::ranges::transform(outputs, outputs.begin(), without_prefix);
  throw ConfigError(fmt::format("{}: the network has {} outputs, name a layer: {}", file.string(), outputs.size(),
                                fmt::join(outputs, ", ")));
}

std::string layer_named(const std::string& name, const cv::dnn::Net& network, const std::filesystem::path& file) {
  std::vector<std::string> names = network.getLayerNames();
  for (const std::string& known : names) {
    if (known == name || without_prefix(known) == name) return known;
  }
  std::ranges::transform(names, names.begin(), without_prefix);
  const auto last = std::span(names).last(std::min<std::size_t>(names.size(), 8));
  throw ConfigError(
      fmt::format("{}: the network has no layer {}; its last ones are {}", file.string(), name, fmt::join(last, ", ")));
}

class OpenCvEncoder final : public Encoder {
 public:
  explicit OpenCvEncoder(const EncoderSettings& settings)
      : settings_{settings}, network_{read_network(settings.file)}, layer_{find_layer()}, shape_{find_shape()} {}

  [[nodiscard]] std::array<std::size_t, 3> shape() const override { return shape_; }
  [[nodiscard]] std::string layer() const override { return without_prefix(layer_); }
  [[nodiscard]] std::string library() const override { return "OpenCV " + cv::getVersionString(); }

  void encode(const std::filesystem::path& photograph, std::span<float> into) override {
    cv::Mat output = run(read_picture(photograph));
    const auto places = static_cast<int>(shape_[0] * shape_[1]);
    const auto channels = static_cast<int>(shape_[2]);
    const cv::Mat by_channel(channels, places, CV_32F, output.ptr<float>());
    cv::Mat by_place(places, channels, CV_32F, into.data());
    cv::transpose(by_channel, by_place);
  }

 private:
  [[nodiscard]] std::string find_layer() const {
    return settings_.layer.empty() ? output_of(network_, settings_.file)
                                   : layer_named(settings_.layer, network_, settings_.file);
  }

  /// As the network itself says.
  std::array<std::size_t, 3> find_shape() {
    const auto size = static_cast<int>(settings_.size);
    const cv::Mat output = run(cv::Mat::zeros(size, size, CV_8UC3));
    if (output.dims != 4 || output.size[0] != 1 || output.type() != CV_32F) {
      const std::vector<int> sizes(output.size.p, output.size.p + output.dims);
      throw IoError(fmt::format("{}: the output of layer {} is [{}], expected [1, D, H, W]", settings_.file.string(),
                                layer(), fmt::join(sizes, ", ")));
    }
    const auto extent = [&](int axis) { return static_cast<std::size_t>(output.size[axis]); };
    return {extent(2), extent(3), extent(1)};
  }

  cv::Mat run(const cv::Mat& picture) {
    const auto size = static_cast<int>(settings_.size);
    const auto& [first, second, third] = settings_.scale;
    const cv::Scalar mean(settings_.mean[0], settings_.mean[1], settings_.mean[2]);
    try {
      // The mean is taken after the channels are swapped.
      cv::Mat input = cv::dnn::blobFromImage(picture, first, {size, size}, mean, !settings_.bgr);
      if (second != first) cv::Mat(size, size, CV_32F, input.ptr<float>(0, 1)) *= second / first;
      if (third != first) cv::Mat(size, size, CV_32F, input.ptr<float>(0, 2)) *= third / first;
      network_.setInput(input);
      return network_.forward(layer_);
    } catch (const cv::Exception& error) {
      throw IoError(fmt::format("{}: OpenCV cannot run this network on {} x {} pixels: {}", settings_.file.string(),
                                size, size, reason(error)));
    }
  }

  EncoderSettings settings_;
  cv::dnn::Net network_;
  std::string layer_;
  std::array<std::size_t, 3> shape_;
};

}  // namespace

extern "C" [[gnu::visibility("default")]] Encoder* saccade_make_opencv_encoder(const EncoderSettings& settings) {
  cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
  cv::setNumThreads(settings.threads);
  return new OpenCvEncoder(settings);
}

}  // namespace saccade::experiments::opencv
