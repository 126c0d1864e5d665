#include "core/ops/slice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/errors.hpp"
#include "core/ops/columns.hpp"

namespace saccade::ops {
namespace {

Shape sliced_shape(const Shape& shape, std::size_t first, std::size_t count) {
  const std::size_t rank = shape.rank();
  if (rank == 0 || count > shape[rank - 1] || first > shape[rank - 1] - count) {
    throw ShapeError(fmt::format("slice: expected a range within the last axis of {}, got {} to {}", to_string(shape),
                                 first, first + count));
  }
  std::array<std::size_t, Shape::max_rank> extents{};
  std::copy(shape.begin(), shape.end(), extents.begin());
  extents[rank - 1] = count;
  return Shape(std::span{extents.data(), rank});
}

}  // namespace

Variable slice(const Variable& x, std::size_t first, std::size_t count) {
  const Variable y = x.tape().result(sliced_shape(x.shape(), first, count), {x});
  copy_from_columns(as_rows(x.value()), as_rows(y.value()), first);
  x.tape().record(y, [x, y, first] { add_grad_into_columns(x, as_rows(y.grad()), first); });
  return y;
}

}  // namespace saccade::ops
