#pragma once

#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

#include "core/optim/optimiser.hpp"
#include "core/rl/agent.hpp"
#include "tests/support/tensors.hpp"

namespace saccade::tests {

/// An agent in a world, a batch at a time: what a trainer does, in its simplest form.
class Player {
 public:
  /// Both must outlive the player.
  Player(const rl::Environment& world, rl::Agent& agent)
      : world_{&world}, agent_{&agent}, tape_{agent.parameters()}, episodes_{world.episodes()}, actor_{agent.actor()} {}

  /// One batch through the world, without the loss: `count` episodes from `first` on, over and over again.
  const rl::TimeStep& play(std::size_t first, std::size_t count, Tape::Mode mode = Tape::Mode::record,
                           const rl::Policy& policy = {}) {
    keys_.clear();
    const std::size_t size = world_->size(rl::Split::train);
    for (std::size_t i = first; i < first + count; ++i) keys_.push_back({rl::Split::train, i % size, i, i});
    tape_.begin(mode);
    actor_->begin(tape_, policy, keys_);
    last_ = episodes_->reset(keys_);
    while (last_.kind != rl::StepKind::last) {
      last_ = episodes_->step(actor_->act(last_));
      actor_->observe(last_);
    }
    return last_;
  }

  /// Plays and walks back. @return the sums of the batch
  std::vector<double> gradients(std::size_t first, std::size_t count) {
    play(first, count);
    tape_.backward(actor_->loss(count));
    std::vector<double> sums(agent_->metric_count());
    actor_->add_metrics(sums);
    return sums;
  }

  /// Trains with Adam.
  void learn(std::size_t steps, std::size_t batch, double rate) {
    const TensorView values = agent_->parameters().values();
    const auto adam = optim::make_optimiser({}, values.size());
    parallel::Workers workers(1);
    for (std::size_t step = 0; step < steps; ++step) {
      const std::vector<double> sums = gradients(step * batch, batch);
      adam->step(workers, values, tape_.gradients(), rate);
      agent_->after_step(sums, batch);
    }
  }

  /// Share of wrong actions over the first `count` episodes.
  double error(std::size_t count, rl::Decision decision = rl::Decision::mean) {
    const rl::TimeStep& end = play(0, count, Tape::Mode::infer, {decision, 99, random::Purpose("test")});
    return 1 - static_cast<double>(std::count(end.reward.begin(), end.reward.end(), Real{1})) / double(count);
  }

  /// The gradient of one parameter after gradients().
  Tensor gradient(std::string_view name) {
    const ParameterStore& store = agent_->parameters();
    return to_tensor(store.slice(tape_.gradients(), store.find(name)));
  }
  /// The greatest number, without its sign, in the gradients of the parameters whose names start so.
  double greatest_gradient(std::string_view prefix) {
    double greatest = 0;
    const ParameterStore& store = agent_->parameters();
    for (std::size_t i = 0; i < store.size(); ++i) {
      if (!store.name(Parameter{i}).starts_with(prefix)) continue;
      for (const Real g : store.slice(tape_.gradients(), Parameter{i}))
        greatest = std::max(greatest, std::abs(double{g}));
    }
    return greatest;
  }

  rl::Actor& actor() { return *actor_; }
  Tape& tape() { return tape_; }

 private:
  const rl::Environment* world_;
  rl::Agent* agent_;
  Tape tape_;
  std::unique_ptr<rl::Episodes> episodes_;
  std::unique_ptr<rl::Actor> actor_;
  std::vector<rl::EpisodeKey> keys_;
  rl::TimeStep last_;
};

}  // namespace saccade::tests
