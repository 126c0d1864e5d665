#include "core/ops/stack.hpp"

#include <memory>

#include "core/errors.hpp"
#include "core/tensor/checks.hpp"

namespace saccade::ops {

Variable stack(std::span<const Variable> xs) {
  if (xs.empty()) throw ArgumentError("stack: expected at least one array, got none");
  check_rank("stack", "xs", xs.front().value(), 2);
  const Shape one = xs.front().shape();
  for (const Variable& x : xs) check_shape("stack", "xs", x.value(), one);
  Tape& tape = xs.front().tape();
  auto* parts = static_cast<Variable*>(tape.arena().allocate(xs.size() * sizeof(Variable)));
  std::uninitialized_copy(xs.begin(), xs.end(), parts);
  const std::span<const Variable> inputs{parts, xs.size()};
  const Variable y = tape.result({inputs.size() * one[0], one[1]}, inputs);
  for (std::size_t t = 0; t < inputs.size(); ++t) copy(inputs[t].value(), y.value().rows(t * one[0], one[0]));
  tape.record(y, [inputs, y] {
    const std::size_t rows = inputs.front().shape()[0];
    for (std::size_t t = 0; t < inputs.size(); ++t) add_grad(inputs[t], flat(y.grad().rows(t * rows, rows)));
  });
  return y;
}

}  // namespace saccade::ops
