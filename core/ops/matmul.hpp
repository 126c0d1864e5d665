#pragma once

#include "core/autograd/tape.hpp"

namespace saccade::ops {

/// Matrix product.
///
///   y = a b            d_a = d_y b^T,   d_b = a^T d_y
///
/// @param a  [M, K]
/// @param b  [K, N]
/// @return   [M, N]
/// @throws ShapeError  unless both have rank 2 and the inner extents agree
[[nodiscard]] Variable matmul(const Variable& a, const Variable& b);

}  // namespace saccade::ops
