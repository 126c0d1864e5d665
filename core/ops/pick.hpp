#pragma once

#include <cstdint>
#include <span>

#include "core/autograd/tape.hpp"

namespace saccade::ops {

/// One column of each row, such as the log-probability of what was drawn.
///
///   y[n] = x[n, columns[n]]      d_x[n, k] = [k = columns[n]] d_y[n]
///
/// @param x        [N, K]
/// @param columns  N columns in 0..K-1; copied
/// @return         [N]
/// @throws ShapeError  unless rank 2 and N columns; ArgumentError for a column outside 0..K-1
[[nodiscard]] Variable pick(const Variable& x, std::span<const std::int32_t> columns);

}  // namespace saccade::ops
