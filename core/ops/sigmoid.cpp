#include "core/ops/sigmoid.hpp"

#include "core/ops/logistic.hpp"

namespace saccade::ops {

Variable sigmoid(const Variable& x) {
  const Variable y = x.tape().result(x.shape(), {x});
  assign(y.value(), logistic(flat(x.value())));
  x.tape().record(y, [x, y] {
    const auto out = flat(y.value());
    add_grad(x, flat(y.grad()) * out * (Real{1} - out));
  });
  return y;
}

}  // namespace saccade::ops
