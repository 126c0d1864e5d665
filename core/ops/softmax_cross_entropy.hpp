#pragma once

#include <cstdint>
#include <span>

#include "core/autograd/tape.hpp"

namespace saccade::ops {

/// Cross-entropy of a softmax with one right class a row, -log p(label).
///
///   y[n]      = log sum_j exp(x[n, j]) - x[n, label_n]
///   d_x[n, k] = d_y[n] (softmax(x[n, :])[k] - [k = label_n])
///
/// Keeps the softmax, so that backward needs no exponential.
///
/// @param logits  [N, K], of any magnitude
/// @param labels  N classes in 0..K-1
/// @return        [N], in nats, >= 0
/// @throws ShapeError  unless rank 2 and N labels; ArgumentError for a label outside 0..K-1
[[nodiscard]] Variable softmax_cross_entropy(const Variable& logits, std::span<const std::int32_t> labels);

}  // namespace saccade::ops
