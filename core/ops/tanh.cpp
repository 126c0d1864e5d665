#include "core/ops/tanh.hpp"

namespace saccade::ops {

Variable tanh(const Variable& x) {
  const Variable y = x.tape().result(x.shape(), {x});
  assign(y.value(), xt::tanh(flat(x.value())));
  x.tape().record(y, [x, y] {
    const auto out = flat(y.value());
    add_grad(x, flat(y.grad()) * (Real{1} - out * out));
  });
  return y;
}

}  // namespace saccade::ops
