#pragma once

#include "core/autograd/tape.hpp"

namespace saccade::ops {

/// The same value, through which no gradient passes.
///
///   y = x              d_x = 0
///
/// Shares memory with x.
[[nodiscard]] Variable stop_gradient(const Variable& x);

}  // namespace saccade::ops
