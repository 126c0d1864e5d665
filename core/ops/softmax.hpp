#pragma once

#include "core/autograd/tape.hpp"

namespace saccade::ops {

/// Softmax over the last axis.
///
///   y[n, k]   = exp(x[n, k]) / sum_j exp(x[n, j])
///   d_x[n, k] = y[n, k] (d_y[n, k] - sum_j d_y[n, j] y[n, j])
///
/// For log-probabilities take log_softmax or softmax_cross_entropy, which lose nothing where y is small.
///
/// @param logits  [..., K], of any magnitude
/// @return        of the same shape
/// @throws ShapeError  for rank 0
[[nodiscard]] Variable softmax(const Variable& logits);

}  // namespace saccade::ops
