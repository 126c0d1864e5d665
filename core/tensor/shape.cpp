#include "core/tensor/shape.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/errors.hpp"

namespace saccade {

void Shape::throw_rank_error(std::size_t rank) {
  throw ShapeError(fmt::format("Shape: expected at most {} axes, got {}", max_rank, rank));
}

Shape Shape::prepended(std::size_t n) const {
  std::array<std::size_t, max_rank + 1> extents{n};
  std::copy(begin(), end(), extents.begin() + 1);
  return Shape(std::span{extents.data(), rank_ + 1});
}

Shape Shape::without_first() const {
  if (rank_ == 0) throw ShapeError("Shape::without_first: expected at least one axis, got none");
  return Shape(std::span{begin() + 1, rank_ - 1});
}

std::string to_string(const Shape& shape) { return fmt::format("[{}]", fmt::join(shape.begin(), shape.end(), ", ")); }

}  // namespace saccade
