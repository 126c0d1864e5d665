#include "core/ops/categorical_entropy.hpp"

#include "core/ops/log_softmax.hpp"
#include "core/ops/stop_gradient.hpp"
#include "core/tensor/checks.hpp"
#include "core/tensor/reductions.hpp"

namespace saccade::ops {

Variable categorical_entropy(const Variable& logits) {
  check_rank("categorical_entropy", "logits", logits.value(), 2);
  const TensorView log_p = log_softmax(stop_gradient(logits)).value();
  const TensorView p = logits.tape().arena().tensor(log_p.shape());
  assign(p, xt::exp(flat(log_p)));
  const Variable y = logits.tape().result({logits.shape()[0]}, {logits});
  for (std::size_t n = 0; n < y.value().size(); ++n) y.value()[n] = -dot(p.rows(n, 1), log_p.rows(n, 1));
  logits.tape().record(y, [logits, y, p, log_p] {
    const GradientTarget target = gradient_target(logits);
    for (std::size_t n = 0; n < y.value().size(); ++n) {
      const Real d = -y.grad()[n];
      const Real entropy = y.value()[n];
      put(target.view.rows(n, 1), target.add, d * flat(p.rows(n, 1)) * (flat(log_p.rows(n, 1)) + entropy));
    }
  });
  return y;
}

}  // namespace saccade::ops
