#include "core/ops/scale_rows.hpp"

#include "core/tensor/checks.hpp"
#include "core/tensor/reductions.hpp"

namespace saccade::ops {
namespace {

void backward_to_x(const Variable& x, const Variable& factors, const TensorView& d_y) {
  if (!x.requires_grad()) return;
  const GradientTarget target = gradient_target(x);
  for (std::size_t n = 0; n < d_y.dim(0); ++n) {
    put(target.view.rows(n, 1), target.add, factors.value()[n] * flat(d_y.rows(n, 1)));
  }
}

void backward_to_factors(const Variable& x, const Variable& factors, const TensorView& d_y) {
  if (!factors.requires_grad()) return;
  const GradientTarget target = gradient_target(factors);
  for (std::size_t n = 0; n < d_y.dim(0); ++n) {
    const Real d = dot(d_y.rows(n, 1), x.value().rows(n, 1));
    target.view[n] = target.add ? target.view[n] + d : d;
  }
}

}  // namespace

Variable scale_rows(const Variable& x, const Variable& factors) {
  check_rank("scale_rows", "x", x.value(), 2);
  check_shape("scale_rows", "factors", factors.value(), {x.shape()[0], 1});
  const Variable y = x.tape().result(x.shape(), {x, factors});
  for (std::size_t n = 0; n < x.shape()[0]; ++n) {
    assign(y.value().rows(n, 1), factors.value()[n] * flat(x.value().rows(n, 1)));
  }
  x.tape().record(y, [x, factors, y] {
    backward_to_x(x, factors, y.grad());
    backward_to_factors(x, factors, y.grad());
  });
  return y;
}

}  // namespace saccade::ops
