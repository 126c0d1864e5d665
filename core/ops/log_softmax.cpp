#include "core/ops/log_softmax.hpp"

#include <algorithm>
#include <cmath>

#include "core/tensor/checks.hpp"
#include "core/tensor/reductions.hpp"

namespace saccade::ops {
namespace {

void log_softmax_row(const TensorView& x, const TensorView& y) {
  const Real peak = max_of(x);
  assign(y, xt::exp(flat(x) - peak));
  const Real total = std::log(sum_of(y));
  assign(y, (flat(x) - peak) - total);  // In this order log(total) is not lost beside a large peak.
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
    const TensorView d_x = as_rows(target.view);
    const TensorView d_y = as_rows(y.grad());
    const TensorView values = as_rows(y.value());
    for (std::size_t n = 0; n < d_y.dim(0); ++n) {
      const TensorView d = d_y.rows(n, 1);
      put(d_x.rows(n, 1), target.add, flat(d) - sum_of(d) * xt::exp(flat(values.rows(n, 1))));
    }
  });
  return y;
}

}  // namespace saccade::ops
