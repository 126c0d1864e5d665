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
namespace {

/// Over the rows [B, 2], of one coordinate.
double squares_around_mean(const TensorView& location, std::size_t axis) {
  double sum = 0;
  for (std::size_t b = 0; b < location.dim(0); ++b) sum += static_cast<double>(location(b, axis));
  const double mean = sum / static_cast<double>(location.dim(0));
  double squares = 0;
  for (std::size_t b = 0; b < location.dim(0); ++b) {
    const double off = static_cast<double>(location(b, axis)) - mean;
    squares += off * off;
  }
  return squares;
}

}  // namespace

void RamActor::Decisions::reserve(std::size_t count) {
  log_probs.reserve(count);
  baselines.reserve(count);
  steps.reserve(count);
}

void RamActor::Decisions::clear() {
  log_probs.clear();
  baselines.clear();
  steps.clear();
}

RamActor::RamActor(const RamAgent& agent) : agent_{&agent} {
  const std::size_t steps = agent.world().max_steps;
  location_decisions_.reserve(config().glimpses * steps);
  action_decisions_.reserve(steps);
  logits_of_actions_.reserve(steps);
  glimpses_.reserve(config().glimpses * steps);
}

void RamActor::begin(Tape& tape, const rl::Policy& policy, std::span<const rl::EpisodeKey> keys) {
  tape_ = &tape;
  policy_ = policy;
  batch_ = keys.size();
  streams_.clear();
  for (const rl::EpisodeKey& key : keys) streams_.emplace_back(policy.seed, policy.purpose, 0, key.number);
  state_ = {};
  location_decisions_.clear();
  action_decisions_.clear();
  logits_of_actions_.clear();
  glimpses_.clear();
  steps_ = 0;
  rewards_.clear();
  discounts_.clear();
  logits_ = {};
  log_probs_ = {};
  sums_.fill(0);
}

std::span<const std::int32_t> RamActor::act(const rl::TimeStep& now) {
  const Variable image = tape_->constant(now.observation);
  for (std::size_t t = 0; t < config().glimpses; ++t) glimpse(image);
  predict();
  if (!agent_->supervised()) decide_action();
  return actions_;
}

void RamActor::glimpse(const Variable& image) {
  const TensorView location = next_location();
  const Variable patches = attention::retina(image, location, agent_->retina());
  glimpses_.push_back({location, patches.value()});
  count_locations(location);
  const Shape row{batch_, patches.value().size() / batch_};
  const Variable features = agent_->networks().glimpse(ops::reshape(patches, row), tape_->constant(location));
  state_ = agent_->networks().core(features, state_);
}

TensorView RamActor::next_location() {
  if (config().locations != "learned") return given_location(config().locations);
  if (glimpses_.empty() && config().first_location != "learned") return given_location(config().first_location);
  return decide_location();
}

TensorView RamActor::given_location(std::string_view kind) {
  const TensorView location = tape_->arena().tensor({batch_, 2});
  if (kind == "centre") {
    fill(location, 0);
    return location;
  }
  for (std::size_t b = 0; b < batch_; ++b) {
    location(b, 0) = static_cast<Real>(streams_[b].uniform(-config().random_range, config().random_range));
    location(b, 1) = static_cast<Real>(streams_[b].uniform(-config().random_range, config().random_range));
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
    remember(location_decisions_, ops::gaussian_log_prob(mean, draw, deviation), state);
    copy(draw, location);
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

void RamActor::decide_action() {
  if (policy_.decision != rl::Decision::sample) return;
  rl::sample_actions(log_probs_, streams_, actions_);
  // The logarithm of a probability is minus the cross-entropy of the action that was drawn.
  const Variable log_prob = ops::scale(ops::softmax_cross_entropy(logits_, actions_), Real{-1});
  remember(action_decisions_, log_prob, state_.h);
  logits_of_actions_.push_back(logits_);
}

void RamActor::remember(Decisions& decisions, const Variable& log_prob, const Variable& state) const {
  decisions.log_probs.push_back(ops::reshape(log_prob, {batch_, 1}));
  decisions.steps.push_back(steps_);
  if (config().baseline != "learned") return;
  decisions.baselines.push_back(agent_->networks().baseline(ops::stop_gradient(state)));
}

void RamActor::observe(const rl::TimeStep& next) {
  rewards_.insert(rewards_.end(), next.reward.begin(), next.reward.end());
  discounts_.insert(discounts_.end(), next.discount.begin(), next.discount.end());
  targets_.assign(next.target.begin(), next.target.end());
  ++steps_;
}

Variable RamActor::loss(std::size_t episodes) {
  sum_up_rewards();
  Variable total = action_loss(episodes);
  if (!location_decisions_.log_probs.empty()) {
    total = ops::add(total, policy_losses(location_decisions_, config().policy_coefficient, RamSums::policy, episodes));
  }
  sums_[RamSums::loss] = static_cast<double>(total.value()[0]) * static_cast<double>(episodes);
  return total;
}

Variable RamActor::action_loss(std::size_t episodes) {
  if (!agent_->supervised()) {
    const Variable policy = policy_losses(action_decisions_, 1, RamSums::action, episodes);
    const Variable bonus = ops::scale(entropy_loss(episodes), static_cast<Real>(config().entropy_coefficient));
    return config().entropy_coefficient > 0 ? ops::add(policy, bonus) : policy;
  }
  const Variable loss = classification_loss(episodes);
  sums_[RamSums::action] = static_cast<double>(loss.value()[0]) * static_cast<double>(episodes);
  return loss;
}

void RamActor::sum_up_rewards() {
  const TensorView reward = tape_->arena().tensor({batch_, steps_});
  const TensorView discount = tape_->arena().tensor({batch_, steps_});
  returns_ = tape_->arena().tensor({batch_, steps_});
  counts_ = tape_->arena().tensor({batch_, steps_});
  for (std::size_t b = 0; b < batch_; ++b) {
    bool goes_on = true;
    for (std::size_t t = 0; t < steps_; ++t) {
      counts_(b, t) = goes_on ? Real{1} : Real{0};
      const Real outcome = goes_on ? rewards_[t * batch_ + b] : Real{0};
      reward(b, t) = config().reward == "probability" ? probability_of_target(b) : outcome;
      discount(b, t) = static_cast<Real>(config().discount) * discounts_[t * batch_ + b];
      sums_[RamSums::reward] += static_cast<double>(outcome);
      goes_on = goes_on && discount(b, t) != 0;
    }
  }
  rl::discounted_returns(reward, discount, returns_);
}

Real RamActor::probability_of_target(std::size_t b) const {
  return std::exp(log_probs_(b, static_cast<std::size_t>(targets_[b])));
}

TensorView RamActor::of_decisions(const TensorView& of_steps, const Decisions& decisions) const {
  const TensorView result = tape_->arena().tensor({batch_, decisions.steps.size()});
  for (std::size_t b = 0; b < batch_; ++b) {
    for (std::size_t i = 0; i < decisions.steps.size(); ++i) result(b, i) = of_steps(b, decisions.steps[i]);
  }
  return result;
}

Variable RamActor::classification_loss(std::size_t episodes) const {
  const Variable cross_entropy = ops::softmax_cross_entropy(logits_, targets_);
  return ops::scale(ops::sum(cross_entropy), Real{1} / static_cast<Real>(episodes));
}

Variable RamActor::entropy_loss(std::size_t episodes) {
  const Variable logits = ops::concatenate(logits_of_actions_);
  const Shape rows{batch_ * logits_of_actions_.size(), agent_->world().num_actions};
  const TensorView mask = of_decisions(counts_, action_decisions_);
  const Variable loss = rl::entropy_loss(ops::reshape(logits, rows), mask, episodes);
  sums_[RamSums::entropy] = -static_cast<double>(loss.value()[0]) * static_cast<double>(episodes);
  for (const Real count : mask.span()) sums_[RamSums::actions] += static_cast<double>(count);
  return loss;
}

Variable RamActor::policy_losses(const Decisions& decisions, double coefficient, RamSums::Index sum,
                                 std::size_t episodes) {
  const TensorView returns = of_decisions(returns_, decisions);
  const TensorView mask = of_decisions(counts_, decisions);
  Variable baselines;
  if (!decisions.baselines.empty()) baselines = ops::concatenate(decisions.baselines);
  const TensorView advantage = advantages(returns, baselines);
  Variable total = ops::scale(rl::reinforce_loss(ops::concatenate(decisions.log_probs), advantage, mask, episodes),
                              static_cast<Real>(coefficient));
  sums_[sum] += static_cast<double>(total.value()[0]) * static_cast<double>(episodes);
  if (baselines) {
    const Variable regression = ops::scale(rl::baseline_loss(baselines, returns, mask, episodes),
                                           static_cast<Real>(config().baseline_coefficient));
    sums_[RamSums::baseline] += static_cast<double>(regression.value()[0]) * static_cast<double>(episodes);
    total = ops::add(total, regression);
  }
  count_decisions(returns, advantage, mask);
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

void RamActor::count_decisions(const TensorView& returns, const TensorView& advantage, const TensorView& mask) {
  for (std::size_t i = 0; i < advantage.size(); ++i) {
    if (mask[i] == 0) continue;
    const auto a = static_cast<double>(advantage[i]);
    sums_[RamSums::returns] += static_cast<double>(returns[i]);
    sums_[RamSums::advantage] += a;
    sums_[RamSums::advantage_square] += a * a;
    sums_[RamSums::decisions] += 1;
  }
}

void RamActor::count_locations(const TensorView& location) {
  sums_[RamSums::locations] += static_cast<double>(batch_);
  if (glimpses_.size() == 1) return;  // a first location that is learned, or the centre, is the same in every episode
  sums_[RamSums::spread_weight] += static_cast<double>(batch_ - 1);
  sums_[RamSums::xx] += squares_around_mean(location, 0);
  sums_[RamSums::yy] += squares_around_mean(location, 1);
}

void RamActor::add_metrics(std::span<double> sums) const {
  for (std::size_t i = 0; i < sums_.size(); ++i) sums[i] += sums_[i];
}

}  // namespace saccade::agents
