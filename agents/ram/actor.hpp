#pragma once

#include <array>
#include <vector>

#include "agents/ram/agent.hpp"

namespace saccade::agents {

/// What RamActor adds up for the log, by index.
struct RamSums {
  enum : std::size_t {
    loss,
    classification,
    policy,
    baseline,
    reward,
    advantage,
    advantage_square,
    decisions,
    locations,
    x,
    y,
    xx,
    yy,
    clipped,
    count
  };
};

/// A batch of episodes through a RamAgent.
class RamActor final : public rl::Actor {
 public:
  explicit RamActor(const RamAgent& agent);

  void begin(Tape& tape, const rl::Policy& policy, std::span<const rl::EpisodeKey> keys) override;
  std::span<const std::int32_t> act(const rl::TimeStep& now) override;
  void observe(const rl::TimeStep& next) override;
  Variable loss(std::size_t episodes) override;
  void add_metrics(std::span<double> sums) const override;
  [[nodiscard]] TensorView action_log_probs() const override { return log_probs_; }
  [[nodiscard]] std::span<const rl::Glimpse> glimpses() const override { return glimpses_; }

 private:
  void glimpse(const Variable& image, std::size_t t);
  TensorView next_location(std::size_t t);
  TensorView given_location(std::string_view kind);
  TensorView decide_location();
  Variable state_or_zeros() const;
  Variable location_mean(const Variable& state) const;
  void predict();
  Variable classification_loss(std::size_t episodes) const;
  Variable policy_losses(std::size_t episodes);
  TensorView advantages(const TensorView& returns, const Variable& baselines) const;
  void count_locations(const TensorView& location);

  [[nodiscard]] const RamConfig& config() const { return agent_->config(); }

  const RamAgent* agent_;
  Tape* tape_ = nullptr;
  rl::Policy policy_;
  std::size_t batch_ = 0;
  std::vector<random::Stream> streams_;
  ops::LstmState state_;
  std::vector<Variable> decision_log_probs_;  // [B, 1] each
  std::vector<Variable> decision_baselines_;  // [B, 1] each
  std::vector<rl::Glimpse> glimpses_;
  std::vector<std::int32_t> actions_;
  std::vector<std::int32_t> targets_;
  std::vector<Real> rewards_;
  Variable logits_;
  TensorView log_probs_;
  std::array<double, RamSums::count> sums_{};
};

}  // namespace saccade::agents
