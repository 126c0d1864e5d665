#pragma once

#include <vector>

#include "agents/classifier/classifier.hpp"
#include "core/config/fields.hpp"
#include "core/nn/linear.hpp"

namespace saccade::agents {

/// Settings of the fully connected network.
struct FullyConnectedConfig {
  std::vector<std::int64_t> hidden{256, 256};  // units of each layer of rectifiers
  double gain = 1;                             // on the pixels

  void describe(config::Fields& fields);
};

/// The baseline of Mnih et al. 2014 that sees the whole image: layers of rectifiers and a softmax, trained by
/// cross-entropy. Parameters: "layer0", "layer1", ..., "action".
class FullyConnectedAgent final : public Classifier {
 public:
  /// @throws ConfigError  unless the world names the right action of its one step
  FullyConnectedAgent(const FullyConnectedConfig& config, const rl::EnvironmentSpec& world, std::uint64_t seed);

  [[nodiscard]] Variable logits(const Variable& observations) const override;

 private:
  std::vector<nn::Linear> layers_;
};

}  // namespace saccade::agents
