#include "core/ops/categorical_entropy.hpp"

#include <cmath>

#include "core/ops/log_softmax.hpp"
#include "core/ops/stop_gradient.hpp"
#include "core/tensor/checks.hpp"

namespace saccade::ops {

Variable categorical_entropy(const Variable& logits) {
  check_rank("categorical_entropy", "logits", logits.value(), 2);
  const TensorView log_p = log_softmax(stop_gradient(logits)).value();
  const Variable y = logits.tape().result({logits.shape()[0]}, {logits});
  const std::size_t classes = logits.shape()[1];
  for (std::size_t n = 0; n < y.value().size(); ++n) {
    Real total = 0;
    for (std::size_t k = 0; k < classes; ++k) total -= std::exp(log_p(n, k)) * log_p(n, k);
    y.value()[n] = total;
  }
  logits.tape().record(y, [logits, y, log_p, classes] {
    const GradientTarget target = gradient_target(logits);
    if (!target.add) fill(target.view, 0);
    for (std::size_t n = 0; n < y.value().size(); ++n) {
      for (std::size_t k = 0; k < classes; ++k) {
        target.view(n, k) -= y.grad()[n] * std::exp(log_p(n, k)) * (log_p(n, k) + y.value()[n]);
      }
    }
  });
  return y;
}

}  // namespace saccade::ops
