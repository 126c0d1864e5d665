#pragma once

#include "core/tensor/tensor.hpp"

/// Reductions of all elements in a fixed order that vector instructions can follow: element i goes to lane i mod 16,
/// and the lanes are taken together at the end. The result does not depend on the CPU's vector width.
namespace saccade {

/// sum_i x_i; 0 for no elements.
[[nodiscard]] Real sum_of(const TensorView& x);
/// sum_i x_i y_i. @throws ShapeError unless the sizes agree.
[[nodiscard]] Real dot(const TensorView& x, const TensorView& y);
/// max_i x_i; minus infinity for no elements. What is not a number is passed over or returned.
[[nodiscard]] Real max_of(const TensorView& x);

}  // namespace saccade
