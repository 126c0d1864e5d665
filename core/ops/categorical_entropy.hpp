#pragma once

#include "core/autograd/tape.hpp"

namespace saccade::ops {

/// Entropy of the softmax of each row, in nats.
///
///   p = softmax(x),   y[n] = - sum_k p[n, k] log p[n, k]      in [0, log K]
///   d_x[n, k] = - d_y[n] p[n, k] (log p[n, k] + y[n])
///
/// @param logits  [N, K]
/// @return        [N]
/// @throws ShapeError  unless rank 2
[[nodiscard]] Variable categorical_entropy(const Variable& logits);

}  // namespace saccade::ops
