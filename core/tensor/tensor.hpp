#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <xsimd/xsimd.hpp>

// Every array that owns its memory starts on a cache line.
#define XTENSOR_DEFAULT_ALLOCATOR(T) xsimd::aligned_allocator<T, 64>

#include <xtensor/xadapt.hpp>
#include <xtensor/xarray.hpp>
#include <xtensor/xmath.hpp>
#include <xtensor/xnoalias.hpp>
#include <xtensor/xtensor.hpp>

#include "core/tensor/real.hpp"
#include "core/tensor/shape.hpp"

/// The arrays of the core. This is the only file that includes xtensor.
///
/// A Tensor owns its memory (data sets, parameters, tests). A TensorView is a handle on memory that something else
/// owns: an Arena during a training step, or a Tensor. Computation goes from views to views through xtensor adaptors
/// made on the spot:
///
///     assign(y, xt::tanh(flat(x)));              // y = tanh(x), evaluated at once, vectorised, no temporary
///     flat(d_x) += flat(d_y) * flat(y);          // fine too, but xtensor makes a temporary: prefer add_to
///
/// Pitfall: an xtensor expression is lazy and refers to its operands. It must never outlive the statement that builds
/// it; a reduction (`xt::sum`) must be assigned before it is used twice.
namespace saccade {

/// A dense row-major array that owns its elements.
using Tensor = xt::xarray<Real, xt::layout_type::row_major>;

/// A dense row-major array whose elements belong to something else. Copying a view copies the handle. Like std::span,
/// the constness of a view says nothing about its elements.
class TensorView {
 public:
  TensorView() = default;
  TensorView(Real* data, const Shape& shape) : data_{data}, shape_{shape} {}
  /// Views a whole tensor, which must outlive the view and keep its shape.
  TensorView(Tensor& tensor)  // NOLINT(google-explicit-constructor): a tensor is a view of itself
      : data_{tensor.data()}, shape_{std::span<const std::size_t>(tensor.shape().data(), tensor.shape().size())} {}

  [[nodiscard]] Real* data() const { return data_; }
  [[nodiscard]] const Shape& shape() const { return shape_; }
  [[nodiscard]] std::size_t size() const { return shape_.size(); }
  [[nodiscard]] std::size_t rank() const { return shape_.rank(); }
  /// Extent of one axis; `axis` must be below rank().
  [[nodiscard]] std::size_t dim(std::size_t axis) const { return shape_[axis]; }
  [[nodiscard]] bool empty() const { return data_ == nullptr; }

  /// Element by flat row-major index.
  Real& operator[](std::size_t index) const { return data_[index]; }
  /// Element of a rank-2 view.
  Real& operator()(std::size_t row, std::size_t column) const { return data_[row * shape_[1] + column]; }

  [[nodiscard]] std::span<Real> span() const { return {data_, size()}; }
  [[nodiscard]] Real* begin() const { return data_; }
  [[nodiscard]] Real* end() const { return data_ + size(); }

  /// The same elements under another shape. @throws ShapeError unless the sizes agree.
  [[nodiscard]] TensorView reshaped(const Shape& shape) const;
  /// Entries [first, first + count) of the leading axis. @throws ShapeError if they are not all there.
  [[nodiscard]] TensorView rows(std::size_t first, std::size_t count) const;

 private:
  Real* data_ = nullptr;
  Shape shape_;
};

/// All elements as one xtensor vector.
[[nodiscard]] inline auto flat(const TensorView& x) {
  return xt::adapt(x.data(), x.size(), xt::no_ownership(), std::array<std::size_t, 1>{x.size()});
}

/// A view of rank 2 as an xtensor matrix.
[[nodiscard]] inline auto matrix(const TensorView& x) {
  return xt::adapt(x.data(), x.size(), xt::no_ownership(), std::array<std::size_t, 2>{x.dim(0), x.dim(1)});
}

/// Evaluates a one-dimensional expression of x.size() elements into x. The expression may read x at the same index.
template <typename Expression>
void assign(const TensorView& x, const Expression& expression) {
  auto target = flat(x);
  xt::noalias(target) = expression;
}

/// Adds a one-dimensional expression of x.size() elements to x.
template <typename Expression>
void add_to(const TensorView& x, const Expression& expression) {
  auto target = flat(x);
  xt::noalias(target) += expression;
}

/// Adds to x, or overwrites it: what a gradient does that may not be the first to arrive.
template <typename Expression>
void put(const TensorView& x, bool add, const Expression& expression) {
  add ? add_to(x, expression) : assign(x, expression);
}

void fill(const TensorView& x, Real value);
/// Copies all elements. @throws ShapeError unless the sizes agree.
void copy(const TensorView& from, const TensorView& to);
/// An owning copy.
[[nodiscard]] Tensor to_tensor(const TensorView& x);
/// A tensor of zeros.
[[nodiscard]] Tensor zeros(const Shape& shape);

}  // namespace saccade
