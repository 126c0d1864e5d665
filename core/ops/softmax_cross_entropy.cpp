#include "core/ops/softmax_cross_entropy.hpp"

#include <fmt/format.h>

#include <cmath>

#include "core/errors.hpp"
#include "core/tensor/checks.hpp"
#include "core/tensor/reductions.hpp"

namespace saccade::ops {
namespace {

void check_labels(const TensorView& logits, std::span<const std::int32_t> labels) {
  check_rank("softmax_cross_entropy", "logits", logits, 2);
  check_dim("softmax_cross_entropy", "logits", logits, 0, labels.size());
  for (const std::int32_t label : labels) {
    if (label < 0 || static_cast<std::size_t>(label) >= logits.dim(1)) {
      throw ArgumentError(fmt::format("softmax_cross_entropy: labels must be in 0..{}, got {}",
                                      static_cast<std::ptrdiff_t>(logits.dim(1)) - 1, label));
    }
  }
}

/// Writes the softmax of a row and returns -log p(label).
Real cross_entropy_row(const TensorView& x, std::size_t label, const TensorView& probabilities) {
  const Real peak = max_of(x);
  assign(probabilities, xt::exp(flat(x) - peak));
  const Real total = sum_of(probabilities);
  assign(probabilities, (Real{1} / total) * flat(probabilities));
  return (peak - x[label]) + std::log(total);
}

}  // namespace

Variable softmax_cross_entropy(const Variable& logits, std::span<const std::int32_t> labels) {
  check_labels(logits.value(), labels);
  Arena& arena = logits.tape().arena();
  const std::size_t rows = labels.size();
  const Variable y = logits.tape().result({rows}, {logits});
  const TensorView probabilities = arena.tensor(logits.shape());
  auto* kept_labels = static_cast<std::size_t*>(arena.allocate(rows * sizeof(std::size_t)));
  for (std::size_t n = 0; n < rows; ++n) {
    const auto label = static_cast<std::size_t>(labels[n]);
    kept_labels[n] = label;
    y.value()[n] = cross_entropy_row(logits.value().rows(n, 1), label, probabilities.rows(n, 1));
  }
  logits.tape().record(y, [logits, y, probabilities, kept_labels] {
    const GradientTarget target = gradient_target(logits);
    for (std::size_t n = 0; n < probabilities.dim(0); ++n) {
      const Real d = y.grad()[n];
      put(target.view.rows(n, 1), target.add, d * flat(probabilities.rows(n, 1)));
      target.view(n, kept_labels[n]) -= d;
    }
  });
  return y;
}

}  // namespace saccade::ops
