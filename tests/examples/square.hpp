#pragma once

#include "core/autograd/tape.hpp"

namespace saccade::examples {

/// Elementwise square.   y = x^2      d_x = 2 x d_y
[[nodiscard]] inline Variable square(const Variable& x) {
  const Variable y = x.tape().result(x.shape(), {x});
  assign(y.value(), flat(x.value()) * flat(x.value()));
  x.tape().record(y, [x, y] { add_grad(x, Real{2} * flat(x.value()) * flat(y.grad())); });
  return y;
}

}  // namespace saccade::examples
