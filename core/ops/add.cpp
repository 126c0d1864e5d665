#include "core/ops/add.hpp"

#include "core/tensor/checks.hpp"

namespace saccade::ops {

Variable add(const Variable& a, const Variable& b) {
  check_shape("add", "b", b.value(), a.shape());
  const Variable y = a.tape().result(a.shape(), {a, b});
  assign(y.value(), flat(a.value()) + flat(b.value()));
  a.tape().record(y, [a, b, y] {
    add_grad(a, flat(y.grad()));
    add_grad(b, flat(y.grad()));
  });
  return y;
}

}  // namespace saccade::ops
