#pragma once

#include "core/autograd/tape.hpp"

namespace saccade::ops {

/// Logistic function, elementwise, of any shape. Finite for inputs of any magnitude.
///
///   y = 1 / (1 + exp(-x))      d_x = d_y y (1 - y)
[[nodiscard]] Variable sigmoid(const Variable& x);

}  // namespace saccade::ops
