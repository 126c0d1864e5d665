#pragma once

#include <array>
#include <vector>

#include "agents/ram/agent.hpp"

namespace saccade::agents {

/// What RamActor adds up for the log, by index.
struct RamSums {
  enum Index : std::size_t {
    loss,
    action,  // cross-entropy, or REINFORCE
    entropy,
    actions,
    policy,
    baseline,
    reward,
    returns,  // of decisions, as REINFORCE learns from them
    advantage,
    advantage_square,
    decisions,
    locations,
    spread_weight,  // of the squares below
    xx,             // of locations around the mean of their glimpse over the episodes
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
  /// Draws of one policy; what came of a decision depends on the world's step before which it was made.
  struct Decisions {
    std::vector<Variable> log_probs;  // [B, 1] each
    std::vector<Variable> baselines;  // [B, 1] each, or none
    std::vector<std::size_t> steps;

    void reserve(std::size_t count);
    void clear();
  };

  void glimpse(const Variable& image);
  TensorView next_location();
  TensorView given_location(std::string_view kind);
  TensorView decide_location();
  Variable state_or_zeros() const;
  Variable location_mean(const Variable& state) const;
  void predict();
  void decide_action();
  void remember(Decisions& decisions, const Variable& log_prob, const Variable& state) const;
  Variable action_loss(std::size_t episodes);
  Variable classification_loss(std::size_t episodes) const;
  Variable entropy_loss(std::size_t episodes);
  Variable policy_losses(const Decisions& decisions, double coefficient, RamSums::Index sum, std::size_t episodes);
  void sum_up_rewards();
  [[nodiscard]] Real probability_of_target(std::size_t b) const;
  TensorView of_decisions(const TensorView& of_steps, const Decisions& decisions) const;
  TensorView advantages(const TensorView& returns, const Variable& baselines) const;
  void count_decisions(const TensorView& returns, const TensorView& advantage, const TensorView& mask);
  void count_locations(const TensorView& location);

  [[nodiscard]] const RamConfig& config() const { return agent_->config(); }

  const RamAgent* agent_;
  Tape* tape_ = nullptr;
  rl::Policy policy_;
  std::size_t batch_ = 0;
  std::vector<random::Stream> streams_;
  ops::LstmState state_;
  Decisions location_decisions_;
  Decisions action_decisions_;
  std::vector<Variable> logits_of_actions_;
  std::vector<rl::Glimpse> glimpses_;
  std::vector<std::int32_t> actions_;
  std::vector<std::int32_t> targets_;
  std::size_t steps_ = 0;        // of the world, so far
  std::vector<Real> rewards_;    // [steps, B]
  std::vector<Real> discounts_;  // [steps, B]
  TensorView returns_;           // [B, steps]
  TensorView counts_;            // [B, steps], 0 after an episode's end
  Variable logits_;
  TensorView log_probs_;
  std::array<double, RamSums::count> sums_{};
};

}  // namespace saccade::agents
