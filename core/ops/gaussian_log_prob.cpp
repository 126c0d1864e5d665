#include "core/ops/gaussian_log_prob.hpp"

#include <fmt/format.h>

#include <cmath>
#include <numbers>

#include "core/errors.hpp"
#include "core/tensor/checks.hpp"

namespace saccade::ops {

Variable gaussian_log_prob(const Variable& mean, const TensorView& sample, Real deviation) {
  check_rank("gaussian_log_prob", "mean", mean.value(), 2);
  check_shape("gaussian_log_prob", "sample", sample, mean.shape());
  if (!(deviation > 0))
    throw ArgumentError(fmt::format("gaussian_log_prob: deviation must be positive, got {}", deviation));

  const std::size_t rows = mean.shape()[0];
  const std::size_t columns = mean.shape()[1];
  const Real precision = Real{1} / (deviation * deviation);
  const Real constant = -std::log(deviation) - Real{0.5} * std::log(2 * std::numbers::pi_v<Real>);
  const Variable y = mean.tape().result({rows}, {mean});
  for (std::size_t n = 0; n < rows; ++n) {
    Real total = static_cast<Real>(columns) * constant;
    for (std::size_t d = 0; d < columns; ++d) {
      const Real difference = sample(n, d) - mean.value()(n, d);
      total -= Real{0.5} * precision * difference * difference;
    }
    y.value()[n] = total;
  }
  mean.tape().record(y, [mean, sample, y, precision, columns] {
    const GradientTarget target = gradient_target(mean);
    if (!target.add) fill(target.view, 0);
    for (std::size_t i = 0; i < sample.size(); ++i) {
      target.view[i] += y.grad()[i / columns] * precision * (sample[i] - mean.value()[i]);
    }
  });
  return y;
}

}  // namespace saccade::ops
