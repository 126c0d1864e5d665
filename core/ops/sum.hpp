#pragma once

#include "core/autograd/tape.hpp"

namespace saccade::ops {

/// Sum of all elements, in a fixed order.
///
///   y = sum_i x_i      d_x_i = d_y
///
/// @return  [1]
[[nodiscard]] Variable sum(const Variable& x);

/// Mean of all elements; 0 for none.
///
///   y = (1/n) sum_i x_i      d_x_i = d_y / n
///
/// @return  [1]
[[nodiscard]] Variable mean(const Variable& x);

/// Sum with constant weights: a masked or weighted reduction in one op.
///
///   y = sum_i w_i x_i      d_x_i = w_i d_y
///
/// @param weights  of x's size; gets no gradient; must stay as it is until after backward
/// @return         [1]
/// @throws ShapeError  unless the sizes agree
[[nodiscard]] Variable weighted_sum(const Variable& x, const TensorView& weights);

}  // namespace saccade::ops
