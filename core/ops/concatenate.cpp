#include "core/ops/concatenate.hpp"

#include <algorithm>
#include <array>
#include <memory>

#include "core/errors.hpp"
#include "core/ops/columns.hpp"
#include "core/tensor/checks.hpp"

namespace saccade::ops {
namespace {

Shape joined_shape(std::span<const Variable> xs) {
  if (xs.empty()) throw ArgumentError("concatenate: expected at least one array, got none");
  const Shape& first = xs.front().shape();
  check_rank("concatenate", "xs", xs.front().value(), std::max<std::size_t>(first.rank(), 1));
  std::array<std::size_t, Shape::max_rank> extents{};
  std::copy(first.begin(), first.end(), extents.begin());
  const std::size_t last = first.rank() - 1;
  for (const Variable& x : xs.subspan(1)) {
    check_rank("concatenate", "xs", x.value(), first.rank());
    for (std::size_t axis = 0; axis < last; ++axis) check_dim("concatenate", "xs", x.value(), axis, first[axis]);
    extents[last] += x.shape()[last];
  }
  return Shape(std::span{extents.data(), first.rank()});
}

}  // namespace

Variable concatenate(std::span<const Variable> xs) {
  const Shape shape = joined_shape(xs);
  Tape& tape = xs.front().tape();
  auto* parts = static_cast<Variable*>(tape.arena().allocate(xs.size() * sizeof(Variable)));
  std::uninitialized_copy(xs.begin(), xs.end(), parts);
  const std::span<const Variable> inputs{parts, xs.size()};

  const Variable y = tape.result(shape, inputs);
  std::size_t column = 0;
  for (const Variable& x : inputs) {
    copy_into_columns(as_rows(x.value()), as_rows(y.value()), column);
    column += as_rows(x.value()).dim(1);
  }
  tape.record(y, [inputs, y] {
    std::size_t first = 0;
    for (const Variable& x : inputs) {
      const std::size_t width = as_rows(x.value()).dim(1);
      add_grad_columns(x, as_rows(y.grad()), first);
      first += width;
    }
  });
  return y;
}

Variable concatenate(std::initializer_list<Variable> xs) { return concatenate(std::span{xs.begin(), xs.size()}); }

}  // namespace saccade::ops
