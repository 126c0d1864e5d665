#include "core/ops/sigmoid.hpp"

namespace saccade::ops {

Variable sigmoid(const Variable& x) {
  const Variable y = x.tape().result(x.shape(), {x});
  assign(y.value(), Real{0.5} + Real{0.5} * xt::tanh(Real{0.5} * flat(x.value())));
  x.tape().record(y, [x, y] {
    const auto out = flat(y.value());
    add_grad(x, flat(y.grad()) * out * (Real{1} - out));
  });
  return y;
}

}  // namespace saccade::ops
