#include "experiments/data/encoder.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "experiments/data/opencv/module.hpp"
#include "experiments/data/opencv_module.hpp"

namespace saccade::experiments {

namespace {

std::string channels_text(const std::array<double, 3>& channels) {
  const bool equal = channels[0] == channels[1] && channels[1] == channels[2];
  return equal ? fmt::format("{}", channels[0]) : fmt::format("[{}]", fmt::join(channels, ", "));
}

}  // namespace

std::string pixels_text(const EncoderSettings& settings) {
  return fmt::format("{}, {} (x - {})", settings.bgr ? "BGR" : "RGB", channels_text(settings.scale),
                     channels_text(settings.mean));
}

std::unique_ptr<Encoder> make_encoder(const EncoderSettings& settings) {
  static auto* const make = opencv_function<opencv::MakeEncoder>(opencv::make_encoder_name);
  return std::unique_ptr<Encoder>(make(settings));
}

}  // namespace saccade::experiments
