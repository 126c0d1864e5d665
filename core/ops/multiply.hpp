#pragma once

#include "core/autograd/tape.hpp"

namespace saccade::ops {

/// Elementwise product.
///
///   y = a b            d_a = d_y b,   d_b = d_y a
///
/// @param a, b  of one shape
/// @throws ShapeError  unless the shapes agree
[[nodiscard]] Variable multiply(const Variable& a, const Variable& b);

/// Product with a number that gets no gradient.
///
///   y = factor x       d_x = factor d_y
[[nodiscard]] Variable scale(const Variable& x, Real factor);

}  // namespace saccade::ops
