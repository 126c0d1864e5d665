#pragma once

#include "core/autograd/tape.hpp"

namespace saccade::ops {

/// Rectifier, elementwise, of any shape. The gradient at 0 is taken as 0.
///
///   y = max(x, 0)      d_x = d_y where x > 0, else 0
[[nodiscard]] Variable relu(const Variable& x);

}  // namespace saccade::ops
