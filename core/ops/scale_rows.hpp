#pragma once

#include "core/autograd/tape.hpp"

namespace saccade::ops {

/// Every row multiplied by its own number, such as a gate.
///
///   y[n, k] = factors[n] x[n, k]      d_x[n, k] = factors[n] d_y[n, k],   d_factors[n] = sum_k d_y[n, k] x[n, k]
///
/// @param x        [N, K]
/// @param factors  [N, 1]
/// @return         [N, K]
/// @throws ShapeError  unless the shapes fit
[[nodiscard]] Variable scale_rows(const Variable& x, const Variable& factors);

}  // namespace saccade::ops
