#include "core/ops/doubly_stochastic_penalty.hpp"

#include <fmt/format.h>

#include <memory>

#include "core/errors.hpp"
#include "core/tensor/checks.hpp"

namespace saccade::ops {
namespace {

constexpr const char* name = "doubly_stochastic_penalty";

void check_arguments(std::span<const Variable> weights, const TensorView& mask, std::size_t episodes) {
  if (weights.empty()) throw ArgumentError(fmt::format("{}: expected at least one step, got none", name));
  if (episodes == 0) throw ArgumentError(fmt::format("{}: episodes must be at least 1, got 0", name));
  const Shape& shape = weights[0].shape();
  check_rank(name, "weights", weights[0].value(), 2);
  for (const Variable& step : weights) check_shape(name, "weights", step.value(), shape);
  if (!mask.empty()) check_shape(name, "mask", mask, {shape[0], weights.size()});
}

Real mask_at(const TensorView& mask, std::size_t b, std::size_t t) { return mask.empty() ? Real{1} : mask(b, t); }

/// 1 - s of the formula.
TensorView missing(std::span<const Variable> weights, const TensorView& mask) {
  const TensorView result = weights[0].tape().arena().tensor(weights[0].shape());
  fill(result, 1);
  for (std::size_t b = 0; b < result.dim(0); ++b) {
    for (std::size_t t = 0; t < weights.size(); ++t) {
      add_to(result.rows(b, 1), -mask_at(mask, b, t) * flat(weights[t].value().rows(b, 1)));
    }
  }
  return result;
}

/// The variables, kept until the next begin.
std::span<const Variable> keep(std::span<const Variable> weights) {
  auto* kept = static_cast<Variable*>(weights[0].tape().arena().allocate(weights.size_bytes()));
  std::uninitialized_copy(weights.begin(), weights.end(), kept);
  return {kept, weights.size()};
}

void penalty_backward(std::span<const Variable> weights, const TensorView& mask, const TensorView& rest, Real slope) {
  for (std::size_t t = 0; t < weights.size(); ++t) {
    if (!weights[t].requires_grad()) continue;
    const GradientTarget target = gradient_target(weights[t]);
    for (std::size_t b = 0; b < rest.dim(0); ++b) {
      put(target.view.rows(b, 1), target.add, slope * mask_at(mask, b, t) * flat(rest.rows(b, 1)));
    }
  }
}

}  // namespace

Variable doubly_stochastic_penalty(std::span<const Variable> weights, const TensorView& mask, Real coefficient,
                                   std::size_t episodes) {
  check_arguments(weights, mask, episodes);
  Tape& tape = weights[0].tape();
  const Real factor = coefficient / static_cast<Real>(episodes);
  const TensorView rest = missing(weights, mask);
  const Variable loss = tape.result({1}, weights);
  Real total = 0;
  for (const Real r : rest.span()) total += r * r;
  loss.value()[0] = factor * total;
  tape.record(loss, [kept = keep(weights), mask, rest, factor, loss] {
    penalty_backward(kept, mask, rest, -2 * factor * loss.grad()[0]);
  });
  return loss;
}

}  // namespace saccade::ops
