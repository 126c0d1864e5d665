// The losses of ShowAttendTellActor. Arrays over words are [T, B]: a row for each step.
#include <algorithm>
#include <memory>

#include "agents/show_attend_tell/actor.hpp"
#include "core/ops/add.hpp"
#include "core/ops/doubly_stochastic_penalty.hpp"
#include "core/ops/log_softmax.hpp"
#include "core/ops/log_sum_exp.hpp"
#include "core/ops/multiply.hpp"
#include "core/ops/pick.hpp"
#include "core/ops/reshape.hpp"
#include "core/ops/stack.hpp"
#include "core/ops/sum.hpp"
#include "core/rl/losses.hpp"
#include "core/tensor/reductions.hpp"

namespace saccade::agents {
namespace {

/// A part of every step, on top of one another.
template <typename Step, typename Part>
Variable stack_steps(Tape& tape, std::span<const Step> steps, const Part& part) {
  auto* parts = static_cast<Variable*>(tape.arena().allocate(steps.size() * sizeof(Variable)));
  for (std::size_t t = 0; t < steps.size(); ++t) std::construct_at(parts + t, part(steps[t]));
  return ops::stack(std::span<const Variable>{parts, steps.size()});
}

/// |1_s - alpha|^2 of caption b: with the advantage before it, the gradient of the scores.
template <typename Step>
double squared_distance_to_place(const Step& step, std::size_t b) {
  const TensorView weights = step.weights.value().rows(b, 1);
  double squares = 0;
  for (const Real w : weights) squares += static_cast<double>(w) * static_cast<double>(w);
  return squares + 1 - 2 * static_cast<double>(weights[static_cast<std::size_t>(step.places[b])]);
}

}  // namespace

Variable ShowAttendTellActor::loss(std::size_t episodes) {
  const auto each = static_cast<Real>(1) / static_cast<Real>(episodes);
  const std::size_t steps = steps_.size();
  const Variable log_probs = word_log_probs(steps_);  // [T B]
  const TensorView weights = tape_->arena().tensor({steps * batch_});
  for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = -each * mask_[i];
  Variable total = ops::weighted_sum(log_probs, weights);
  const TensorView rewards = log_probs.value().reshaped({steps, batch_});
  count_words(rewards);
  if (agent_->attends() && config().doubly_stochastic_coefficient > 0) {
    const Variable penalty = doubly_stochastic_penalty(episodes);
    sums_[CaptionSums::penalty] = static_cast<double>(penalty.value()[0]) * static_cast<double>(episodes);
    total = ops::add(total, penalty);
  }
  if (config().attention == "hard") {
    const Variable policy = policy_loss(rewards, episodes);
    sums_[CaptionSums::policy] = static_cast<double>(policy.value()[0]) * static_cast<double>(episodes);
    total = ops::add(total, policy);
    if (config().entropy_coefficient > 0) total = ops::add(total, entropy_loss(episodes));
  }
  sums_[CaptionSums::loss] = static_cast<double>(total.value()[0]) * static_cast<double>(episodes);
  return total;
}

Variable ShowAttendTellActor::word_log_probs(std::span<const Step> steps) {
  return config().attention == "marginal" ? marginal_word_log_probs(steps) : joint_word_log_probs(steps);
}

Variable ShowAttendTellActor::joint_word_log_probs(std::span<const Step> steps) {
  const Variable embedded = stack_steps(*tape_, steps, [](const Step& s) { return s.embedded; });
  const Variable state = stack_steps(*tape_, steps, [](const Step& s) { return s.state.h; });
  const Variable context = stack_steps(*tape_, steps, [](const Step& s) { return s.context; });
  const auto streams = dropout_streams(0, steps.size(), 1);
  const Variable log_probs = ops::log_softmax(agent_->networks().output(embedded, state, context, streams));
  if (steps.data() == steps_.data()) count_wrong(log_probs.value(), 0);
  return ops::pick(log_probs, labels_);
}

Variable ShowAttendTellActor::marginal_word_log_probs(std::span<const Step> steps) {
  const std::size_t places = annotations_.values.shape()[1];
  std::vector<std::int32_t>& labels = actions_;
  const auto of_step = [&](const Step& s) {
    const auto t = static_cast<std::size_t>(&s - steps.data());
    labels.clear();
    for (std::size_t b = 0; b < batch_; ++b) labels.insert(labels.end(), places, labels_[t * batch_ + b]);
    const Variable of_places = ops::reshape(ops::pick(s.each_log_prob, labels), {batch_, places});
    count_wrong(marginal_log_probs(s), t * batch_);
    return ops::reshape(ops::log_sum_exp(ops::add(of_places, s.log_weights)), {1, batch_});
  };
  return ops::reshape(stack_steps(*tape_, steps, of_step), {steps.size() * batch_});
}

Variable ShowAttendTellActor::doubly_stochastic_penalty(std::size_t episodes) {
  const std::size_t steps = steps_.size();
  auto* weights = static_cast<Variable*>(tape_->arena().allocate(steps * sizeof(Variable)));
  for (std::size_t t = 0; t < steps; ++t) std::construct_at(weights + t, steps_[t].weights);
  const TensorView mask = tape_->arena().tensor({batch_, steps});
  for (std::size_t b = 0; b < batch_; ++b) {
    for (std::size_t t = 0; t < steps; ++t) mask(b, t) = mask_[t * batch_ + b];
  }
  return ops::doubly_stochastic_penalty(std::span<const Variable>{weights, steps}, mask,
                                        static_cast<Real>(config().doubly_stochastic_coefficient), episodes);
}

Variable ShowAttendTellActor::policy_loss(const TensorView& rewards, std::size_t episodes) {
  const auto of_step = [&](const Step& s) {
    actions_.clear();
    for (const std::int32_t place : s.places) actions_.push_back(std::max(place, 0));
    return ops::reshape(ops::pick(s.log_weights, actions_), {1, batch_});
  };
  const Variable log_probs = stack_steps(*tape_, std::span<const Step>(steps_), of_step);
  const TensorView advantage = advantages(rewards);
  const TensorView mask = decision_mask();
  for (std::size_t i = 0; i < mask.size(); ++i) {
    if (mask[i] == 0) continue;
    const auto a = static_cast<double>(advantage[i]);
    sums_[CaptionSums::reward] += static_cast<double>(rewards[i]);
    sums_[CaptionSums::advantage] += a;
    sums_[CaptionSums::advantage_square] += a * a;
    sums_[CaptionSums::score_gradient_square] += a * a * squared_distance_to_place(steps_[i / batch_], i % batch_);
    sums_[CaptionSums::decisions] += 1;
  }
  return ops::scale(rl::reinforce_loss(log_probs, advantage, mask, episodes),
                    static_cast<Real>(config().policy_coefficient));
}

Variable ShowAttendTellActor::entropy_loss(std::size_t episodes) {
  const Variable scores = stack_steps(*tape_, std::span<const Step>(steps_), [](const Step& s) { return s.scores; });
  return ops::scale(rl::entropy_loss(scores, decision_mask().reshaped({scores.shape()[0]}), episodes),
                    static_cast<Real>(config().entropy_coefficient));
}

TensorView ShowAttendTellActor::decision_mask() const {
  const TensorView mask = tape_->arena().tensor({steps_.size(), batch_});
  for (std::size_t t = 0; t < steps_.size(); ++t) {
    for (std::size_t b = 0; b < batch_; ++b) mask(t, b) = expected_[b] != 0 ? Real{0} : mask_[t * batch_ + b];
  }
  return mask;
}

TensorView ShowAttendTellActor::advantages(const TensorView& rewards) {
  const std::size_t steps = steps_.size();
  const TensorView result = tape_->arena().tensor({steps, batch_});
  baselines(rewards, result);
  for (std::size_t i = 0; i < result.size(); ++i) result[i] = mask_[i] * (rewards[i] - result[i]);
  if (config().reward == "word") return result;
  for (std::size_t t = steps - 1; t-- > 0;) {
    for (std::size_t b = 0; b < batch_; ++b) result(t, b) += result(t + 1, b);
  }
  if (config().reward == "rest") return result;
  for (std::size_t t = 1; t < steps; ++t) copy(result.rows(0, 1), result.rows(t, 1));
  return result;
}

void ShowAttendTellActor::baselines(const TensorView& rewards, const TensorView& result) {
  const std::string& kind = config().baseline;
  if (kind == "none") fill(result, 0);
  if (kind == "moving_average") fill(result, static_cast<Real>(agent_->moving_average()));
  if (kind == "self_critical") copy(word_log_probs(likeliest_).value(), result);
  if (kind == "leave_one_out") others_mean(rewards, result);
}

void ShowAttendTellActor::others_mean(const TensorView& rewards, const TensorView& result) const {
  const std::size_t rollouts = config().rollouts;
  for (std::size_t t = 0; t < rewards.dim(0); ++t) {
    for (std::size_t first = 0; first < batch_; first += rollouts) {
      Real total = 0;
      for (std::size_t k = 0; k < rollouts; ++k) total += rewards(t, first + k);
      for (std::size_t k = 0; k < rollouts; ++k) {
        result(t, first + k) = (total - rewards(t, first + k)) / static_cast<Real>(rollouts - 1);
      }
    }
  }
}

void ShowAttendTellActor::count_words(const TensorView& log_probs) {
  for (std::size_t t = 0; t < steps_.size(); ++t) {
    for (std::size_t b = 0; b < batch_; ++b) {
      if (mask_[t * batch_ + b] == 0) continue;
      sums_[CaptionSums::words] += 1;
      sums_[CaptionSums::log_prob] += static_cast<double>(log_probs(t, b));
      if (!agent_->attends()) continue;
      const TensorView weights = steps_[t].weights.value().rows(b, 1);
      const TensorView logs = steps_[t].log_weights.value().rows(b, 1);
      for (std::size_t l = 0; l < weights.size(); ++l) {
        sums_[CaptionSums::entropy] -= static_cast<double>(weights[l] * logs[l]);
      }
    }
  }
}

void ShowAttendTellActor::count_wrong(const TensorView& log_probs, std::size_t first_word) {
  for (std::size_t n = 0; n < log_probs.dim(0); ++n) {
    if (mask_[first_word + n] == 0) continue;
    const TensorView row = log_probs.rows(n, 1);
    const Real right = row[static_cast<std::size_t>(labels_[first_word + n])];
    if (right < max_of(row)) sums_[CaptionSums::wrong] += 1;
  }
}

}  // namespace saccade::agents
