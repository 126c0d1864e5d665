#include "core/ops/log_softmax.hpp"

#include <algorithm>
#include <cmath>

#include "core/tensor/checks.hpp"

namespace saccade::ops {
namespace {

void log_softmax_row(const TensorView& x, const TensorView& y) {
  const Real peak = *std::max_element(x.begin(), x.end());
  assign(y, xt::exp(flat(x) - peak));
  Real total = 0;
  for (const Real value : y.span()) total += value;
  assign(y, (flat(x) - peak) - std::log(total));  // In this order log(total) is not lost beside a large peak.
}

}  // namespace

Variable log_softmax(const Variable& logits) {
  check_rank("log_softmax", "logits", logits.value(), std::max<std::size_t>(logits.shape().rank(), 1));
  const Variable y = logits.tape().result(logits.shape(), {logits});
  const TensorView x_rows = as_rows(logits.value());
  const TensorView y_rows = as_rows(y.value());
  for (std::size_t n = 0; n < x_rows.dim(0); ++n) log_softmax_row(x_rows.rows(n, 1), y_rows.rows(n, 1));
  logits.tape().record(y, [logits, y] {
    const GradientTarget target = gradient_target(logits);
    if (!target.add) fill(target.view, 0);
    const TensorView d_x = as_rows(target.view);
    const TensorView d_y = as_rows(y.grad());
    const TensorView values = as_rows(y.value());
    for (std::size_t n = 0; n < d_y.dim(0); ++n) {
      Real total = 0;
      for (const Real d : d_y.rows(n, 1).span()) total += d;
      add_to(d_x.rows(n, 1), flat(d_y.rows(n, 1)) - total * xt::exp(flat(values.rows(n, 1))));
    }
  });
  return y;
}

}  // namespace saccade::ops
