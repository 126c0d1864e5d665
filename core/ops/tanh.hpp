#pragma once

#include "core/autograd/tape.hpp"

namespace saccade::ops {

/// Hyperbolic tangent, elementwise, of any shape.
///
///   y = tanh x         d_x = d_y (1 - y^2)
[[nodiscard]] Variable tanh(const Variable& x);

}  // namespace saccade::ops
