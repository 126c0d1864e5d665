#pragma once

#include <initializer_list>
#include <span>

#include "core/autograd/tape.hpp"

namespace saccade::ops {

/// Joins arrays along the last axis.
///
///   y[n, :] = x_1[n, :] x_2[n, :] ...      each d_x_i is its part of d_y
///
/// @param xs  one or more of the same rank, equal in all axes but the last: [..., K_i]
/// @return    [..., sum_i K_i]
/// @throws ShapeError  unless the leading axes agree; ArgumentError if there is nothing to join
[[nodiscard]] Variable concatenate(std::span<const Variable> xs);
[[nodiscard]] Variable concatenate(std::initializer_list<Variable> xs);

}  // namespace saccade::ops
