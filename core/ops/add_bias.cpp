#include "core/ops/add_bias.hpp"

#include "core/tensor/checks.hpp"

namespace saccade::ops {

Variable add_bias(const Variable& x, const Variable& bias) {
  const TensorView rows = as_rows(x.value());
  check_shape("add_bias", "bias", bias.value(), {rows.dim(1)});
  const Variable y = x.tape().result(x.shape(), {x, bias});
  const TensorView y_rows = as_rows(y.value());
  for (std::size_t n = 0; n < rows.dim(0); ++n) {
    assign(y_rows.rows(n, 1), flat(rows.rows(n, 1)) + flat(bias.value()));
  }
  x.tape().record(y, [x, bias, y] {
    add_grad(x, flat(y.grad()));
    if (bias.requires_grad()) add_grad_row_sum(bias, as_rows(y.grad()));
  });
  return y;
}

}  // namespace saccade::ops
