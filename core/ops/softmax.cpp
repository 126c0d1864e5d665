#include "core/ops/softmax.hpp"

#include <algorithm>

#include "core/tensor/checks.hpp"
#include "core/tensor/reductions.hpp"

namespace saccade::ops {

Variable softmax(const Variable& logits) {
  check_rank("softmax", "logits", logits.value(), std::max<std::size_t>(logits.shape().rank(), 1));
  const Variable y = logits.tape().result(logits.shape(), {logits});
  const TensorView from = as_rows(logits.value());
  const TensorView to = as_rows(y.value());
  for (std::size_t n = 0; n < from.dim(0); ++n) {
    const TensorView x = from.rows(n, 1);
    const TensorView p = to.rows(n, 1);
    const Real peak = max_of(x);
    assign(p, xt::exp(flat(x) - peak));
    const Real share = Real{1} / sum_of(p);
    assign(p, share * flat(p));
  }
  logits.tape().record(y, [logits, y] {
    const GradientTarget target = gradient_target(logits);
    const TensorView d_x = as_rows(target.view);
    const TensorView d_y = as_rows(y.grad());
    const TensorView values = as_rows(y.value());
    for (std::size_t n = 0; n < d_y.dim(0); ++n) {
      const TensorView d = d_y.rows(n, 1);
      const TensorView p = values.rows(n, 1);
      const Real mean = dot(d, p);
      put(d_x.rows(n, 1), target.add, flat(p) * (flat(d) - mean));
    }
  });
  return y;
}

}  // namespace saccade::ops
