#pragma once

#include "agents/classifier/classifier.hpp"
#include "core/config/fields.hpp"
#include "core/nn/linear.hpp"
#include "core/ops/reshape.hpp"

namespace saccade::examples {

/// Settings of the agent `one_layer`.
struct OneLayerConfig {
  std::size_t hidden = 16;

  void describe(config::Fields& fields) {
    fields.add("hidden", &hidden, "units of the layer of rectifiers", config::range(1, 65536));
  }
};

/// A layer of rectifiers and a softmax on the whole image.
class OneLayer final : public agents::Classifier {
 public:
  OneLayer(const OneLayerConfig& config, const rl::EnvironmentSpec& world, std::uint64_t seed)
      : Classifier("one_layer", world),
        hidden_{nn::Scope(store(), seed) / "hidden", world.observation.shape.size(), config.hidden},
        action_{nn::Scope(store(), seed) / "action", config.hidden, world.num_actions} {}

  [[nodiscard]] Variable logits(const Variable& images) const override {
    const std::size_t batch = images.shape()[0];
    const Variable pixels = ops::reshape(images, {batch, images.value().size() / batch});
    return action_(hidden_(pixels, ops::Activation::relu));
  }

 private:
  nn::Linear hidden_;
  nn::Linear action_;
};

}  // namespace saccade::examples
