#include "core/tensor/tensor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "core/errors.hpp"

namespace saccade {

TensorView TensorView::reshaped(const Shape& shape) const {
  if (shape.size() != size()) {
    throw ShapeError(fmt::format("TensorView::reshaped: expected {} elements, got shape {} of {}", size(),
                                 to_string(shape), shape.size()));
  }
  return {data_, shape};
}

TensorView TensorView::rows(std::size_t first, std::size_t count) const {
  if (rank() == 0 || count > dim(0) || first > dim(0) - count) {
    throw ShapeError(fmt::format("TensorView::rows: expected rows within shape {}, got {} to {}", to_string(shape_),
                                 first, first + count));
  }
  const Shape inner = shape_.without_first();
  return {data_ + first * inner.size(), inner.prepended(count)};
}

void fill(const TensorView& x, Real value) { std::fill(x.begin(), x.end(), value); }

void copy(const TensorView& from, const TensorView& to) {
  if (from.size() != to.size()) {
    throw ShapeError(fmt::format("copy: expected shape {}, got {}", to_string(to.shape()), to_string(from.shape())));
  }
  std::copy(from.begin(), from.end(), to.begin());
}

Tensor to_tensor(const TensorView& x) {
  Tensor result(std::vector<std::size_t>(x.shape().begin(), x.shape().end()));
  std::copy(x.begin(), x.end(), result.begin());
  return result;
}

Tensor zeros(const Shape& shape) { return xt::zeros<Real>(std::vector<std::size_t>(shape.begin(), shape.end())); }

}  // namespace saccade
