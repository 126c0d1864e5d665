#include "core/attention/read.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/errors.hpp"
#include "core/tensor/checks.hpp"
#include "core/tensor/reductions.hpp"

namespace saccade::attention {
namespace {

/// z = sum_l weights[l] rows[l, :], four rows at a time so that z is read and written less often.
void weighted_row_sum(const Real* weights, const TensorView& rows, const TensorView& z) {
  const std::size_t size = rows.dim(1), whole = rows.dim(0) - rows.dim(0) % 4;
  Real* sum = z.data();
  fill(z, 0);
  for (std::size_t l = 0; l < whole; l += 4) {
    const Real* a = rows.data() + l * size;
    const Real w0 = weights[l], w1 = weights[l + 1], w2 = weights[l + 2], w3 = weights[l + 3];
#pragma GCC ivdep
    for (std::size_t d = 0; d < size; ++d) {
      sum[d] += (w0 * a[d] + w1 * a[size + d]) + (w2 * a[2 * size + d] + w3 * a[3 * size + d]);
    }
  }
  for (std::size_t l = whole; l < rows.dim(0); ++l) add_to(z, weights[l] * flat(rows.rows(l, 1)));
}

/// The annotations of one image as a matrix.
TensorView image(const TensorView& annotations, std::size_t b) {
  return annotations.rows(b, 1).reshaped(annotations.shape().without_first());
}

void weights_backward(const Variable& weights, const Variable& annotations, const TensorView& d_z) {
  if (!weights.requires_grad()) return;
  const GradientTarget target = gradient_target(weights);
  for (std::size_t b = 0; b < d_z.dim(0); ++b) {
    const TensorView rows = image(annotations.value(), b);
    for (std::size_t l = 0; l < rows.dim(0); ++l) {
      Real& d_w = target.view(b, l);
      d_w = dot(rows.rows(l, 1), d_z.rows(b, 1)) + (target.add ? d_w : Real{0});
    }
  }
}

void annotations_backward(const Variable& weights, const Variable& annotations, const TensorView& d_z) {
  if (!annotations.requires_grad()) return;
  const GradientTarget target = gradient_target(annotations);
  for (std::size_t b = 0; b < d_z.dim(0); ++b) {
    const TensorView rows = image(target.view, b);
    for (std::size_t l = 0; l < rows.dim(0); ++l) {
      put(rows.rows(l, 1), target.add, weights.value()(b, l) * flat(d_z.rows(b, 1)));
    }
  }
}

/// The place of each image, kept until the next begin.
std::span<const std::size_t> keep_places(const Variable& annotations, std::span<const std::int32_t> places) {
  check_rank("hard_read", "annotations", annotations.value(), 3);
  check_dim("hard_read", "annotations", annotations.value(), 0, places.size());
  auto* kept = static_cast<std::size_t*>(annotations.tape().arena().allocate(places.size() * sizeof(std::size_t)));
  for (std::size_t b = 0; b < places.size(); ++b) {
    if (places[b] < 0 || static_cast<std::size_t>(places[b]) >= annotations.shape()[1]) {
      throw ArgumentError(fmt::format("hard_read: places must be in 0..{}, got {}",
                                      static_cast<std::ptrdiff_t>(annotations.shape()[1]) - 1, places[b]));
    }
    kept[b] = static_cast<std::size_t>(places[b]);
  }
  return {kept, places.size()};
}

std::span<const std::int32_t> keep_mixed_places(const Variable& annotations, std::span<const std::int32_t> places) {
  check_dim("mixed_read", "annotations", annotations.value(), 0, places.size());
  auto* kept = static_cast<std::int32_t*>(annotations.tape().arena().allocate(places.size() * sizeof(std::int32_t)));
  for (std::size_t b = 0; b < places.size(); ++b) {
    if (places[b] >= 0 && static_cast<std::size_t>(places[b]) >= annotations.shape()[1]) {
      throw ArgumentError(
          fmt::format("mixed_read: places must be below {}, got {}", annotations.shape()[1], places[b]));
    }
    kept[b] = places[b];
  }
  return {kept, places.size()};
}

void mixed_weights_backward(const Variable& weights, const Variable& annotations, std::span<const std::int32_t> places,
                            const TensorView& d_z) {
  if (!weights.requires_grad()) return;
  const GradientTarget target = gradient_target(weights);
  if (!target.add) fill(target.view, 0);
  for (std::size_t b = 0; b < places.size(); ++b) {
    if (places[b] >= 0) continue;
    const TensorView rows = image(annotations.value(), b);
    for (std::size_t l = 0; l < rows.dim(0); ++l) target.view(b, l) += dot(rows.rows(l, 1), d_z.rows(b, 1));
  }
}

void mixed_annotations_backward(const Variable& weights, const Variable& annotations,
                                std::span<const std::int32_t> places, const TensorView& d_z) {
  if (!annotations.requires_grad()) return;
  const GradientTarget target = gradient_target(annotations);
  if (!target.add) fill(target.view, 0);
  for (std::size_t b = 0; b < places.size(); ++b) {
    const TensorView rows = image(target.view, b);
    if (places[b] >= 0) {
      add_to(rows.rows(static_cast<std::size_t>(places[b]), 1), flat(d_z.rows(b, 1)));
      continue;
    }
    for (std::size_t l = 0; l < rows.dim(0); ++l) {
      add_to(rows.rows(l, 1), weights.value()(b, l) * flat(d_z.rows(b, 1)));
    }
  }
}

}  // namespace

Variable soft_read(const Variable& weights, const Variable& annotations) {
  check_rank("soft_read", "annotations", annotations.value(), 3);
  const Shape& shape = annotations.shape();
  check_shape("soft_read", "weights", weights.value(), {shape[0], shape[1]});
  const Variable z = weights.tape().result({shape[0], shape[2]}, {weights, annotations});
  for (std::size_t b = 0; b < shape[0]; ++b) {
    weighted_row_sum(weights.value().data() + b * shape[1], image(annotations.value(), b), z.value().rows(b, 1));
  }
  weights.tape().record(z, [weights, annotations, z] {
    weights_backward(weights, annotations, z.grad());
    annotations_backward(weights, annotations, z.grad());
  });
  return z;
}

Variable hard_read(const Variable& annotations, std::span<const std::int32_t> places) {
  const auto kept = keep_places(annotations, places);
  const Variable z = annotations.tape().result({kept.size(), annotations.shape()[2]}, {annotations});
  for (std::size_t b = 0; b < kept.size(); ++b) {
    copy(image(annotations.value(), b).rows(kept[b], 1), z.value().rows(b, 1));
  }
  annotations.tape().record(z, [annotations, kept, z] {
    const GradientTarget target = gradient_target(annotations);
    if (!target.add) fill(target.view, 0);
    for (std::size_t b = 0; b < kept.size(); ++b) {
      add_to(image(target.view, b).rows(kept[b], 1), flat(z.grad().rows(b, 1)));
    }
  });
  return z;
}

Variable mixed_read(const Variable& weights, const Variable& annotations, std::span<const std::int32_t> places) {
  check_rank("mixed_read", "annotations", annotations.value(), 3);
  const Shape& shape = annotations.shape();
  check_shape("mixed_read", "weights", weights.value(), {shape[0], shape[1]});
  const std::span<const std::int32_t> kept = keep_mixed_places(annotations, places);
  const Variable z = weights.tape().result({shape[0], shape[2]}, {weights, annotations});
  for (std::size_t b = 0; b < shape[0]; ++b) {
    const TensorView rows = image(annotations.value(), b);
    if (kept[b] < 0) {
      weighted_row_sum(weights.value().data() + b * shape[1], rows, z.value().rows(b, 1));
    } else {
      copy(rows.rows(static_cast<std::size_t>(kept[b]), 1), z.value().rows(b, 1));
    }
  }
  weights.tape().record(z, [weights, annotations, kept, z] {
    mixed_weights_backward(weights, annotations, kept, z.grad());
    mixed_annotations_backward(weights, annotations, kept, z.grad());
  });
  return z;
}

}  // namespace saccade::attention
