#pragma once

#include "core/config/fields.hpp"
#include "core/rl/agent.hpp"

namespace saccade::agents {

/// Agents that see the whole observation and name the class at once: a function from observations to logits, trained by
/// cross-entropy. A subclass makes its modules on store() and says what the logits are.
class Classifier : public rl::Agent {
 public:
  /// @param observations  [B, ...], times the gain; its memory lasts as long as the tape's recording
  /// @return              logits [B, num_actions]
  [[nodiscard]] virtual Variable logits(const Variable& observations) const = 0;

  ParameterStore& parameters() override { return store_; }
  [[nodiscard]] std::unique_ptr<rl::Actor> actor() const override;
  [[nodiscard]] std::size_t metric_count() const override;
  [[nodiscard]] rl::Report report(std::span<const double> sums, std::size_t episodes) const override;
  [[nodiscard]] std::vector<std::string> notes() const override;
  [[nodiscard]] Real gain() const { return gain_; }

 protected:
  /// @param gain  what observations are multiplied by before logits() sees them
  /// @throws ConfigError  unless the world names the right action of its one step
  Classifier(std::string_view agent, const rl::EnvironmentSpec& world, double gain = 1);

  [[nodiscard]] ParameterStore& store() { return store_; }

 private:
  ParameterStore store_;
  Real gain_;
};

/// The setting `gain` of a classifier.
void describe_gain(config::Fields& fields, double& gain);

}  // namespace saccade::agents
