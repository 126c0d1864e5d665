#pragma once

#include "core/autograd/tape.hpp"

namespace saccade::ops {

/// Mean over the rows of each matrix: the mean annotation of each image.
///
///   y[b, d] = (1/L) sum_l x[b, l, d]      d_x[b, l, d] = d_y[b, d] / L
///
/// @param x  [B, L, D], with L > 0
/// @return   [B, D]
/// @throws ShapeError  unless rank 3 with L > 0
[[nodiscard]] Variable mean_rows(const Variable& x);

}  // namespace saccade::ops
