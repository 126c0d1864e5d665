#include "core/rl/losses.hpp"

#include <fmt/format.h>

#include "core/errors.hpp"
#include "core/ops/categorical_entropy.hpp"
#include "core/ops/sum.hpp"
#include "core/tensor/checks.hpp"

namespace saccade::rl {
namespace {

Real share(const char* function, std::size_t episodes) {
  if (episodes == 0) throw ArgumentError(fmt::format("{}: episodes must be at least 1, got 0", function));
  return Real{1} / static_cast<Real>(episodes);
}

Real mask_at(const TensorView& mask, std::size_t i) { return mask.empty() ? Real{1} : mask[i]; }

}  // namespace

void discounted_returns(const TensorView& reward, const TensorView& discount, const TensorView& result) {
  check_rank("discounted_returns", "reward", reward, 2);
  check_shape("discounted_returns", "discount", discount, reward.shape());
  check_shape("discounted_returns", "result", result, reward.shape());
  for (std::size_t b = 0; b < reward.dim(0); ++b) {
    Real next = 0;
    for (std::size_t t = reward.dim(1); t-- > 0;) {
      next = reward(b, t) + discount(b, t) * next;
      result(b, t) = next;
    }
  }
}

void advantages(const TensorView& returns, const TensorView& baseline, const TensorView& result) {
  check_size("advantages", "baseline", baseline, returns.size());
  check_size("advantages", "result", result, returns.size());
  assign(result, flat(returns) - flat(baseline));
}

Variable reinforce_loss(const Variable& log_prob, const TensorView& advantage, const TensorView& mask,
                        std::size_t episodes) {
  check_rank("reinforce_loss", "log_prob", log_prob.value(), 2);
  check_shape("reinforce_loss", "advantage", advantage, log_prob.shape());
  if (!mask.empty()) check_shape("reinforce_loss", "mask", mask, log_prob.shape());
  const Real factor = -share("reinforce_loss", episodes);
  const TensorView weights = log_prob.tape().arena().tensor(log_prob.shape());
  for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = factor * mask_at(mask, i) * advantage[i];
  return ops::weighted_sum(log_prob, weights);
}

Variable baseline_loss(const Variable& baseline, const TensorView& returns, const TensorView& mask,
                       std::size_t episodes) {
  check_shape("baseline_loss", "returns", returns, baseline.shape());
  if (!mask.empty()) check_shape("baseline_loss", "mask", mask, baseline.shape());
  const Real factor = share("baseline_loss", episodes);
  const Variable loss = baseline.tape().result({1}, {baseline});
  const TensorView slope = baseline.tape().arena().tensor(baseline.shape());
  Real total = 0;
  for (std::size_t i = 0; i < slope.size(); ++i) {
    const Real error = mask_at(mask, i) * (baseline.value()[i] - returns[i]);
    total += error * error;
    slope[i] = 2 * factor * mask_at(mask, i) * error;
  }
  loss.value()[0] = factor * total;
  baseline.tape().record(loss, [baseline, loss, slope] { add_grad(baseline, loss.grad()[0] * flat(slope)); });
  return loss;
}

Variable entropy_loss(const Variable& logits, const TensorView& mask, std::size_t episodes) {
  const Variable entropy = ops::categorical_entropy(logits);
  if (!mask.empty()) check_size("entropy_loss", "mask", mask, entropy.value().size());
  const Real factor = -share("entropy_loss", episodes);
  const TensorView weights = logits.tape().arena().tensor(entropy.shape());
  for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = factor * mask_at(mask, i);
  return ops::weighted_sum(entropy, weights);
}

}  // namespace saccade::rl
