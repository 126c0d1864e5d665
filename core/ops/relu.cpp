#include "core/ops/relu.hpp"

namespace saccade::ops {

Variable relu(const Variable& x) {
  const Variable y = x.tape().result(x.shape(), {x});
  assign(y.value(), xt::maximum(Real{0}, flat(x.value())));
  x.tape().record(y, [x, y] {
    const auto out = flat(y.value());
    add_grad(x, xt::where(out > Real{0}, flat(y.grad()), Real{0}));
  });
  return y;
}

}  // namespace saccade::ops
