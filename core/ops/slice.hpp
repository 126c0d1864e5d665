#pragma once

#include "core/autograd/tape.hpp"

namespace saccade::ops {

/// A range of the last axis.
///
///   y[n, k] = x[n, first + k]      d_x is d_y in that range and 0 elsewhere
///
/// @param x  [..., K]
/// @return   [..., count]
/// @throws ShapeError  unless first + count <= K
[[nodiscard]] Variable slice(const Variable& x, std::size_t first, std::size_t count);

}  // namespace saccade::ops
