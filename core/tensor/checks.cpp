#include "core/tensor/checks.hpp"

#include <fmt/format.h>

#include "core/errors.hpp"

namespace saccade {

void check_rank(std::string_view function, std::string_view argument, const TensorView& x, std::size_t rank) {
  if (x.rank() == rank) return;
  throw ShapeError(
      fmt::format("{}: {} must have rank {}, got shape {}", function, argument, rank, to_string(x.shape())));
}

void check_shape(std::string_view function, std::string_view argument, const TensorView& x, const Shape& expected) {
  if (x.shape() == expected) return;
  throw ShapeError(
      fmt::format("{}: {} must have shape {}, got {}", function, argument, to_string(expected), to_string(x.shape())));
}

void check_dim(std::string_view function, std::string_view argument, const TensorView& x, std::size_t axis,
               std::size_t expected) {
  if (axis < x.rank() && x.dim(axis) == expected) return;
  throw ShapeError(fmt::format("{}: {} must have extent {} on axis {}, got shape {}", function, argument, expected,
                               axis, to_string(x.shape())));
}

void check_size(std::string_view function, std::string_view argument, const TensorView& x, std::size_t expected) {
  if (x.size() == expected) return;
  throw ShapeError(
      fmt::format("{}: {} must have {} elements, got shape {}", function, argument, expected, to_string(x.shape())));
}

}  // namespace saccade
