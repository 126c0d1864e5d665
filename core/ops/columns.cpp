#include "core/ops/columns.hpp"

#include <algorithm>

namespace saccade::ops {
namespace {

/// to[n, to_first + k] = (or +=) from[n, from_first + k] for k below width.
void move_columns(const TensorView& from, std::size_t from_first, const TensorView& to, std::size_t to_first,
                  std::size_t width, bool add) {
  for (std::size_t row = 0; row < from.dim(0); ++row) {
    const Real* source = from.data() + row * from.dim(1) + from_first;
    Real* target = to.data() + row * to.dim(1) + to_first;
    if (add) {
      for (std::size_t k = 0; k < width; ++k) target[k] += source[k];
    } else {
      std::copy_n(source, width, target);
    }
  }
}

}  // namespace

void copy_into_columns(const TensorView& from, const TensorView& to, std::size_t first) {
  move_columns(from, 0, to, first, from.dim(1), false);
}

void copy_from_columns(const TensorView& from, const TensorView& to, std::size_t first) {
  move_columns(from, first, to, 0, to.dim(1), false);
}

void add_grad_columns(const Variable& x, const TensorView& d_y, std::size_t first) {
  if (!x.requires_grad()) return;
  const GradientTarget target = gradient_target(x);
  const TensorView d_x = as_rows(target.view);
  move_columns(d_y, first, d_x, 0, d_x.dim(1), target.add);
}

void add_grad_into_columns(const Variable& x, const TensorView& d_y, std::size_t first) {
  if (!x.requires_grad()) return;
  const GradientTarget target = gradient_target(x);
  if (!target.add) fill(target.view, 0);
  move_columns(d_y, 0, as_rows(target.view), first, d_y.dim(1), true);
}

}  // namespace saccade::ops
