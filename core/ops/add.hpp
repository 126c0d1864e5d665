#pragma once

#include "core/autograd/tape.hpp"

namespace saccade::ops {

/// Elementwise sum.
///
///   y = a + b          d_a = d_b = d_y
///
/// @param a, b  of one shape
/// @throws ShapeError  unless the shapes agree
[[nodiscard]] Variable add(const Variable& a, const Variable& b);

}  // namespace saccade::ops
