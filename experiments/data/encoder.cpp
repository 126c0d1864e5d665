#include "experiments/data/encoder.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "experiments/data/opencv/module.hpp"
#include "experiments/data/opencv_module.hpp"

namespace saccade::experiments {

std::string pixels_text(const EncoderSettings& settings) {
  const auto& mean = settings.mean;
  const bool equal = mean[0] == mean[1] && mean[1] == mean[2];
  const std::string means = equal ? fmt::format("{}", mean[0]) : fmt::format("[{}]", fmt::join(mean, ", "));
  return fmt::format("{}, {} (x - {})", settings.bgr ? "BGR" : "RGB", settings.scale, means);
}

std::unique_ptr<Encoder> make_encoder(const EncoderSettings& settings) {
  static auto* const make = opencv_function<opencv::MakeEncoder>(opencv::make_encoder_name);
  return std::unique_ptr<Encoder>(make(settings));
}

}  // namespace saccade::experiments
