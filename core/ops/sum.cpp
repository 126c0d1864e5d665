#include "core/ops/sum.hpp"

#include <algorithm>

#include "core/ops/multiply.hpp"
#include "core/tensor/checks.hpp"
#include "core/tensor/reductions.hpp"

namespace saccade::ops {

Variable sum(const Variable& x) {
  const Variable y = x.tape().result({1}, {x});
  y.value()[0] = sum_of(x.value());
  x.tape().record(y, [x, y] {
    const GradientTarget target = gradient_target(x);
    const Real d = y.grad()[0];
    if (!target.add) fill(target.view, 0);
    for (Real& d_x : target.view.span()) d_x += d;
  });
  return y;
}

Variable mean(const Variable& x) {
  return scale(sum(x), Real{1} / static_cast<Real>(std::max<std::size_t>(x.value().size(), 1)));
}

Variable weighted_sum(const Variable& x, const TensorView& weights) {
  check_size("weighted_sum", "weights", weights, x.value().size());
  const Variable y = x.tape().result({1}, {x});
  y.value()[0] = dot(weights, x.value());
  x.tape().record(y, [x, y, weights] { add_grad(x, y.grad()[0] * flat(weights)); });
  return y;
}

}  // namespace saccade::ops
