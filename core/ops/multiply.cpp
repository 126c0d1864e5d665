#include "core/ops/multiply.hpp"

#include "core/tensor/checks.hpp"

namespace saccade::ops {

Variable multiply(const Variable& a, const Variable& b) {
  check_shape("multiply", "b", b.value(), a.shape());
  const Variable y = a.tape().result(a.shape(), {a, b});
  assign(y.value(), flat(a.value()) * flat(b.value()));
  a.tape().record(y, [a, b, y] {
    add_grad(a, flat(y.grad()) * flat(b.value()));
    add_grad(b, flat(y.grad()) * flat(a.value()));
  });
  return y;
}

Variable scale(const Variable& x, Real factor) {
  const Variable y = x.tape().result(x.shape(), {x});
  assign(y.value(), factor * flat(x.value()));
  x.tape().record(y, [x, y, factor] { add_grad(x, factor * flat(y.grad())); });
  return y;
}

}  // namespace saccade::ops
