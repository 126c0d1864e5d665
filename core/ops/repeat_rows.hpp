#pragma once

#include "core/autograd/tape.hpp"

namespace saccade::ops {

/// Every row several times, one after the other: a state that is tried with each of L annotations.
///
///   y[(n, l), k] = x[n, k],  l = 0..times-1      d_x[n, k] = sum_l d_y[(n, l), k]
///
/// @param x      [N, K]
/// @param times  L >= 1
/// @return       [N L, K]
/// @throws ShapeError  unless rank 2; ArgumentError for no times
[[nodiscard]] Variable repeat_rows(const Variable& x, std::size_t times);

}  // namespace saccade::ops
