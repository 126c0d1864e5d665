#pragma once

#include <array>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

namespace saccade::experiments {

/// A network that makes annotations of photographs.
class Encoder {
 public:
  Encoder() = default;
  Encoder(const Encoder&) = delete;
  Encoder& operator=(const Encoder&) = delete;
  virtual ~Encoder() = default;

  [[nodiscard]] virtual std::array<std::size_t, 3> shape() const = 0;  ///< of the annotations: [H, W, D]
  [[nodiscard]] virtual std::string layer() const = 0;                 ///< whose output they are
  [[nodiscard]] virtual std::string library() const = 0;               ///< what computes them, with its version

  /// Writes the annotations of a photograph, row-major. `into` holds all numbers of the shape.
  /// @throws IoError  naming a file that is missing or no picture that can be decoded
  virtual void encode(const std::filesystem::path& photograph, std::span<float> into) = 0;
};

/// A convolutional network in a file, and what is done with a photograph before it.
struct EncoderSettings {
  std::filesystem::path file;  ///< ONNX, with one input [1, 3, size, size]
  std::string layer = {};      ///< empty for the network's output
  std::size_t size = 224;      ///< pixels; the photograph is resized to size x size, its aspect not kept
  /// A value x in 0..255 becomes scale (x - mean), each channel with its own, in the order of the channels.
  std::array<double, 3> scale = {1 / 127.5, 1 / 127.5, 1 / 127.5};
  std::array<double, 3> mean = {127.5, 127.5, 127.5};
  bool bgr = false;  ///< channels come blue first, as Caffe's networks want them
  int threads = 1;
};

/// The settings of pixels in words: "RGB, 0.00784 (x - 127.5)".
[[nodiscard]] std::string pixels_text(const EncoderSettings& settings);

/// An encoder that OpenCV's dnn module runs (CMake option SACCADE_OPENCV). The first call loads OpenCV, which a command
/// that needs no photograph thus does without.
/// @throws ConfigError  a build without OpenCV; a layer that the network has not
/// @throws IoError      naming the file: missing, no ONNX network that OpenCV runs at this size; a layer whose output
///                      is not [1, D, H, W]; OpenCV cannot be loaded
[[nodiscard]] std::unique_ptr<Encoder> make_encoder(const EncoderSettings& settings);

}  // namespace saccade::experiments
