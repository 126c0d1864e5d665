#include "core/ops/sum.hpp"

#include <algorithm>
#include <array>

#include "core/ops/multiply.hpp"
#include "core/tensor/checks.hpp"

namespace saccade::ops {

Variable sum(const Variable& x) {
  const Variable y = x.tape().result({1}, {x});
  Real total = 0;
  for (const Real value : x.value().span()) total += value;
  y.value()[0] = total;
  x.tape().record(y,
                  [x, y] { add_grad(x, xt::ones<Real>(std::array<std::size_t, 1>{x.value().size()}) * y.grad()[0]); });
  return y;
}

Variable mean(const Variable& x) {
  return scale(sum(x), Real{1} / static_cast<Real>(std::max<std::size_t>(x.value().size(), 1)));
}

Variable weighted_sum(const Variable& x, const TensorView& weights) {
  check_size("weighted_sum", "weights", weights, x.value().size());
  const Variable y = x.tape().result({1}, {x});
  Real total = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) total += weights[i] * x.value()[i];
  y.value()[0] = total;
  x.tape().record(y, [x, y, weights] { add_grad(x, y.grad()[0] * flat(weights)); });
  return y;
}

}  // namespace saccade::ops
