#include "agents/convolutional/agent.hpp"

#include <fmt/format.h>

#include "core/errors.hpp"
#include "core/ops/reshape.hpp"

namespace saccade::agents {
namespace {

ops::Window window_of(const ConvolutionalConfig& config) { return {config.size, config.size, config.stride}; }

const Shape& check_images(const rl::EnvironmentSpec& world, const ConvolutionalConfig& config) {
  const Shape& shape = world.observation.shape;
  if (shape.rank() != 3 || shape[0] < config.size || shape[1] < config.size) {
    throw ConfigError(
        fmt::format("agent convolutional needs images [H, W, C] of {0}x{0} pixels or more, but {1} shows {2}",
                    config.size, world.name, to_string(shape)));
  }
  return shape;
}

/// Numbers that the filters make of an image.
std::size_t feature_count(const ConvolutionalConfig& config, const Shape& image) {
  const ops::Window window = window_of(config);
  return window.count(image[0], window.height) * window.count(image[1], window.width) * config.filters;
}

}  // namespace

void ConvolutionalConfig::describe(config::Fields& fields) {
  fields.add("filters", &filters, "number of filters", config::range(1, 65536));
  fields.add("size", &size, "width and height of a filter, pixels", config::range(1, 1024));
  fields.add("stride", &stride, "pixels between two places of a filter", config::range(1, 1024));
  fields.add("hidden", &hidden, "units of the fully connected layer", config::range(1, 65536));
  describe_gain(fields, gain);
}

ConvolutionalAgent::ConvolutionalAgent(const ConvolutionalConfig& config, const rl::EnvironmentSpec& world,
                                       std::uint64_t seed)
    : Classifier("convolutional", world, config.gain),
      filters_{nn::Scope(store(), seed) / "filters", check_images(world, config)[2], config.filters, window_of(config)},
      hidden_{nn::Scope(store(), seed) / "hidden", feature_count(config, world.observation.shape), config.hidden},
      action_{nn::Scope(store(), seed) / "action", config.hidden, world.num_actions} {}

Variable ConvolutionalAgent::logits(const Variable& observations) const {
  const Variable features = filters_(observations, ops::Activation::relu);
  const std::size_t batch = features.shape()[0];
  const Variable flat_features = ops::reshape(features, {batch, features.value().size() / batch});
  return action_(hidden_(flat_features, ops::Activation::relu));
}

}  // namespace saccade::agents
