#pragma once

#include <vector>

#include "core/config/fields.hpp"
#include "core/nn/linear.hpp"
#include "core/rl/agent.hpp"

namespace saccade::agents {

/// Settings of the fully connected network.
struct FullyConnectedConfig {
  std::vector<std::int64_t> hidden{256, 256};  // units of each layer of rectifiers

  void describe(config::Fields& fields);
};

/// The baseline of Mnih et al. 2014 that sees the whole image: layers of rectifiers and a softmax, trained by
/// cross-entropy. Parameters: "layer0", "layer1", ..., "action".
class FullyConnectedAgent final : public rl::Agent {
 public:
  /// @throws ConfigError  unless the world names the right action of its one step
  FullyConnectedAgent(const FullyConnectedConfig& config, const rl::EnvironmentSpec& world, std::uint64_t seed);

  ParameterStore& parameters() override { return store_; }
  [[nodiscard]] std::unique_ptr<rl::Actor> actor() const override;
  [[nodiscard]] std::size_t metric_count() const override;
  [[nodiscard]] rl::Report report(std::span<const double> sums, std::size_t episodes) const override;
  [[nodiscard]] std::vector<std::string> notes() const override;

  /// @param x  [B, pixels]
  [[nodiscard]] Variable logits(const Variable& x) const;

 private:
  ParameterStore store_;
  std::vector<nn::Linear> layers_;
};

}  // namespace saccade::agents
