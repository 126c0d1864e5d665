#pragma once

#include "core/autograd/tape.hpp"

namespace saccade::ops {

/// Log-softmax over the last axis.
///
///   y[n, k] = x[n, k] - log sum_j exp(x[n, j])
///   d_x     = d_y - exp(y) sum_j d_y[n, j]
///
/// @param logits  [..., K], K >= 1; finite for logits of any magnitude, the row maximum is subtracted first
/// @return        the same shape; exp of each row sums to 1
/// @throws ShapeError  for rank 0
[[nodiscard]] Variable log_softmax(const Variable& logits);

}  // namespace saccade::ops
