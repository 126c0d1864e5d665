#pragma once

#include <span>

#include "core/autograd/tape.hpp"

namespace saccade::ops {

/// Puts arrays on top of one another, so that a layer runs once over the rows of all time steps.
///
///   y[(t, n), k] = x_t[n, k]      each d_x_t is its part of d_y
///
/// @param xs  T >= 1 arrays of one shape [N, K]
/// @return    [T N, K]
/// @throws ShapeError  unless all have one shape of rank 2; ArgumentError if there is nothing to stack
[[nodiscard]] Variable stack(std::span<const Variable> xs);

}  // namespace saccade::ops
