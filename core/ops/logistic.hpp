#pragma once

#include "core/tensor/tensor.hpp"

namespace saccade::ops {

/// The logistic function 1 / (1 + e^-x) of an expression, as an expression; 0 and 1 far out. Like any expression it
/// must not outlive the statement that builds it.
template <typename Expression>
[[nodiscard]] auto logistic(const Expression& x) {
  return Real{1} / (Real{1} + xt::exp(-x));
}

}  // namespace saccade::ops
