#include "agents/fully_connected/agent.hpp"

#include <fmt/format.h>

#include "core/ops/reshape.hpp"

namespace saccade::agents {

void FullyConnectedConfig::describe(config::Fields& fields) {
  fields.add("hidden", &hidden, "units of each layer of rectifiers", config::range(1, 65536));
  describe_gain(fields, gain);
}

FullyConnectedAgent::FullyConnectedAgent(const FullyConnectedConfig& config, const rl::EnvironmentSpec& world,
                                         std::uint64_t seed)
    : Classifier("fully_connected", world, config.gain) {
  const nn::Scope scope(store(), seed);
  std::size_t in = world.observation.shape.size();
  for (std::size_t i = 0; i < config.hidden.size(); ++i) {
    const auto out = static_cast<std::size_t>(config.hidden[i]);
    layers_.emplace_back(scope / fmt::format("layer{}", i), in, out);
    in = out;
  }
  layers_.emplace_back(scope / "action", in, world.num_actions);
}

Variable FullyConnectedAgent::logits(const Variable& observations) const {
  const std::size_t batch = observations.shape()[0];
  Variable h = ops::reshape(observations, {batch, observations.value().size() / batch});
  for (std::size_t i = 0; i + 1 < layers_.size(); ++i) h = layers_[i](h, ops::Activation::relu);
  return layers_.back()(h);
}

}  // namespace saccade::agents
