#include "core/ops/log_sum_exp.hpp"

#include <cmath>

#include "core/tensor/checks.hpp"
#include "core/tensor/reductions.hpp"

namespace saccade::ops {
namespace {

Real log_sum_exp_of(const TensorView& row) {
  const Real peak = max_of(row);
  Real total = 0;
  for (const Real value : row) total += std::exp(value - peak);
  return peak + std::log(total);
}

}  // namespace

Variable log_sum_exp(const Variable& x) {
  check_rank("log_sum_exp", "x", x.value(), 2);
  const Variable y = x.tape().result({x.shape()[0]}, {x});
  for (std::size_t n = 0; n < x.shape()[0]; ++n) y.value()[n] = log_sum_exp_of(x.value().rows(n, 1));
  x.tape().record(y, [x, y] {
    const GradientTarget target = gradient_target(x);
    const TensorView d_y = y.grad();
    for (std::size_t n = 0; n < d_y.size(); ++n) {
      put(target.view.rows(n, 1), target.add, d_y[n] * xt::exp(flat(x.value().rows(n, 1)) - y.value()[n]));
    }
  });
  return y;
}

}  // namespace saccade::ops
