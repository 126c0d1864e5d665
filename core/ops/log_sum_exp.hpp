#pragma once

#include "core/autograd/tape.hpp"

namespace saccade::ops {

/// log of a sum of exponentials along the last axis: the log-probability of what can come about in several ways.
///
///   y[n]      = log sum_k exp(x[n, k])
///   d_x[n, k] = d_y[n] exp(x[n, k] - y[n])
///
/// @param x  [N, K], K >= 1, of any magnitude; -infinity counts as a way that cannot come about, if another one can
/// @return   [N]
/// @throws ShapeError  unless rank 2
[[nodiscard]] Variable log_sum_exp(const Variable& x);

}  // namespace saccade::ops
