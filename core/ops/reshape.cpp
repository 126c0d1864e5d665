#include "core/ops/reshape.hpp"

namespace saccade::ops {

Variable reshape(const Variable& x, const Shape& shape) {
  const Variable y = x.tape().alias(x.value().reshaped(shape), {x});
  x.tape().record(y, [x, y] { add_grad(x, flat(y.grad())); });
  return y;
}

}  // namespace saccade::ops
