#include "agents/ram/actor.hpp"

#include <algorithm>
#include <cmath>

#include "core/errors.hpp"
#include "core/ops/add.hpp"
#include "core/ops/concatenate.hpp"
#include "core/ops/gaussian_log_prob.hpp"
#include "core/ops/log_softmax.hpp"
#include "core/ops/multiply.hpp"
#include "core/ops/reshape.hpp"
#include "core/ops/softmax_cross_entropy.hpp"
#include "core/ops/stop_gradient.hpp"
#include "core/ops/sum.hpp"
#include "core/rl/actions.hpp"
#include "core/rl/losses.hpp"

namespace saccade::agents {

RamActor::RamActor(const RamAgent& agent) : agent_{&agent} {
  decision_log_probs_.reserve(config().glimpses);
  decision_baselines_.reserve(config().glimpses);
  glimpses_.reserve(config().glimpses);
}

void RamActor::begin(Tape& tape, const rl::Policy& policy, std::span<const rl::EpisodeKey> keys) {
  tape_ = &tape;
  policy_ = policy;
  batch_ = keys.size();
  streams_.clear();
  for (const rl::EpisodeKey& key : keys) streams_.emplace_back(policy.seed, policy.purpose, 0, key.number);
  state_ = {};
  decision_log_probs_.clear();
  decision_baselines_.clear();
  glimpses_.clear();
  logits_ = {};
  log_probs_ = {};
  sums_.fill(0);
}

std::span<const std::int32_t> RamActor::act(const rl::TimeStep& now) {
  const Variable image = tape_->constant(now.observation);
  for (std::size_t t = 0; t < config().glimpses; ++t) glimpse(image, t);
  predict();
  return actions_;
}

void RamActor::glimpse(const Variable& image, std::size_t t) {
  const TensorView location = next_location(t);
  const Variable patches = attention::retina(image, location, agent_->retina());
  glimpses_.push_back({location, patches.value()});
  count_locations(location);
  const Shape row{batch_, patches.value().size() / batch_};
  const Variable features = agent_->networks().glimpse(ops::reshape(patches, row), tape_->constant(location));
  state_ = agent_->networks().core(features, state_);
}

TensorView RamActor::next_location(std::size_t t) {
  if (config().locations != "learned") return given_location(config().locations);
  if (t == 0 && config().first_location != "learned") return given_location(config().first_location);
  return decide_location();
}

TensorView RamActor::given_location(std::string_view kind) {
  const TensorView location = tape_->arena().tensor({batch_, 2});
  if (kind == "centre") {
    fill(location, 0);
    return location;
  }
  for (std::size_t b = 0; b < batch_; ++b) {
    location(b, 0) = static_cast<Real>(streams_[b].uniform(-1, 1));
    location(b, 1) = static_cast<Real>(streams_[b].uniform(-1, 1));
  }
  return location;
}

TensorView RamActor::decide_location() {
  const Variable state = state_or_zeros();
  const Variable mean = location_mean(state);
  const TensorView location = tape_->arena().tensor({batch_, 2});
  copy(mean.value(), location);
  if (policy_.decision == rl::Decision::sample) {
    const TensorView draw = tape_->arena().tensor({batch_, 2});
    const Real deviation = static_cast<Real>(config().location_std);
    for (std::size_t i = 0; i < draw.size(); ++i) {
      draw[i] = mean.value()[i] + deviation * static_cast<Real>(streams_[i / 2].normal());
    }
    const Variable log_prob = ops::gaussian_log_prob(mean, draw, deviation);
    decision_log_probs_.push_back(ops::reshape(log_prob, {batch_, 1}));
    copy(draw, location);
  }
  if (config().baseline == "learned") {
    decision_baselines_.push_back(agent_->networks().baseline(ops::stop_gradient(state)));
  }
  for (Real& coordinate : location.span()) {
    if (!std::isfinite(coordinate)) throw NonFiniteError("a location of agent ram is not finite");
    const Real clipped = std::clamp(coordinate, Real{-1}, Real{1});
    sums_[RamSums::clipped] += clipped != coordinate ? 0.5 : 0.0;
    coordinate = clipped;
  }
  return location;
}

Variable RamActor::state_or_zeros() const {
  if (state_.h) return state_.h;
  const TensorView zero = tape_->arena().tensor({batch_, config().hidden});
  fill(zero, 0);
  return tape_->constant(zero);
}

Variable RamActor::location_mean(const Variable& state) const {
  const Variable h = config().policy_gradient_into_core ? state : ops::stop_gradient(state);
  const bool squash = config().location_mean == "tanh";
  return agent_->networks().location(h, squash ? ops::Activation::tanh : ops::Activation::none);
}

void RamActor::predict() {
  logits_ = agent_->networks().action(state_.h);
  log_probs_ = ops::log_softmax(ops::stop_gradient(logits_)).value();
  rl::most_probable_actions(log_probs_, actions_);
}

void RamActor::observe(const rl::TimeStep& next) {
  rewards_.assign(next.reward.begin(), next.reward.end());
  targets_.assign(next.target.begin(), next.target.end());
}

Variable RamActor::loss(std::size_t episodes) {
  Variable total = classification_loss(episodes);
  sums_[RamSums::classification] = static_cast<double>(total.value()[0]) * static_cast<double>(episodes);
  for (const Real reward : rewards_) sums_[RamSums::reward] += static_cast<double>(reward);
  if (!decision_log_probs_.empty()) total = ops::add(total, policy_losses(episodes));
  sums_[RamSums::loss] = static_cast<double>(total.value()[0]) * static_cast<double>(episodes);
  return total;
}

Variable RamActor::classification_loss(std::size_t episodes) const {
  const Variable cross_entropy = ops::softmax_cross_entropy(logits_, targets_);
  return ops::scale(ops::sum(cross_entropy), Real{1} / static_cast<Real>(episodes));
}

Variable RamActor::policy_losses(std::size_t episodes) {
  const Variable log_probs = ops::concatenate(decision_log_probs_);
  const std::size_t decisions = log_probs.shape()[1];
  const TensorView returns = tape_->arena().tensor({batch_, decisions});
  for (std::size_t i = 0; i < returns.size(); ++i) returns[i] = rewards_[i / decisions];

  Variable baselines;
  if (!decision_baselines_.empty()) baselines = ops::concatenate(decision_baselines_);
  const TensorView advantage = advantages(returns, baselines);
  Variable total = ops::scale(rl::reinforce_loss(log_probs, advantage, {}, episodes),
                              static_cast<Real>(config().policy_coefficient));
  sums_[RamSums::policy] = static_cast<double>(total.value()[0]) * static_cast<double>(episodes);
  if (baselines) {
    const Variable regression = ops::scale(rl::baseline_loss(baselines, returns, {}, episodes),
                                           static_cast<Real>(config().baseline_coefficient));
    sums_[RamSums::baseline] = static_cast<double>(regression.value()[0]) * static_cast<double>(episodes);
    total = ops::add(total, regression);
  }
  for (const Real a : advantage.span()) {
    sums_[RamSums::advantage] += static_cast<double>(a);
    sums_[RamSums::advantage_square] += static_cast<double>(a) * static_cast<double>(a);
  }
  sums_[RamSums::decisions] = static_cast<double>(advantage.size());
  return total;
}

TensorView RamActor::advantages(const TensorView& returns, const Variable& baselines) const {
  const TensorView result = tape_->arena().tensor(returns.shape());
  if (baselines) {
    rl::advantages(returns, baselines.value(), result);
    return result;
  }
  const double level = config().baseline == "moving_average" ? agent_->moving_average() : 0;
  const TensorView constant = tape_->arena().tensor(returns.shape());
  fill(constant, static_cast<Real>(level));
  rl::advantages(returns, constant, result);
  return result;
}

void RamActor::count_locations(const TensorView& location) {
  for (std::size_t b = 0; b < batch_; ++b) {
    const auto x = static_cast<double>(location(b, 0));
    const auto y = static_cast<double>(location(b, 1));
    sums_[RamSums::locations] += 1;
    sums_[RamSums::x] += x;
    sums_[RamSums::y] += y;
    sums_[RamSums::xx] += x * x;
    sums_[RamSums::yy] += y * y;
  }
}

void RamActor::add_metrics(std::span<double> sums) const {
  for (std::size_t i = 0; i < sums_.size(); ++i) sums[i] += sums_[i];
}

}  // namespace saccade::agents
