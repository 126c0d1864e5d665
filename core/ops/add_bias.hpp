#pragma once

#include "core/autograd/tape.hpp"

namespace saccade::ops {

/// The same numbers added to each row.
///
///   y[n, k] = x[n, k] + bias[k]      d_x = d_y,   d_bias[k] = sum_n d_y[n, k]
///
/// @param x     [..., K]
/// @param bias  [K]
/// @return      of x's shape
/// @throws ShapeError  unless the shapes fit
[[nodiscard]] Variable add_bias(const Variable& x, const Variable& bias);

}  // namespace saccade::ops
