#include "core/ops/mean_rows.hpp"

#include <fmt/format.h>

#include "core/errors.hpp"
#include "core/tensor/checks.hpp"

namespace saccade::ops {

Variable mean_rows(const Variable& x) {
  check_rank("mean_rows", "x", x.value(), 3);
  const std::size_t rows = x.shape()[1];
  if (rows == 0) throw ShapeError(fmt::format("mean_rows: x must have rows, got shape {}", to_string(x.shape())));
  const Real share = Real{1} / static_cast<Real>(rows);
  const Variable y = x.tape().result({x.shape()[0], x.shape()[2]}, {x});
  const TensorView all = as_rows(x.value());
  for (std::size_t b = 0; b < y.shape()[0]; ++b) {
    const TensorView mean = y.value().rows(b, 1);
    fill(mean, 0);
    for (std::size_t l = 0; l < rows; ++l) add_to(mean, flat(all.rows(b * rows + l, 1)));
    assign(mean, share * flat(mean));
  }
  x.tape().record(y, [x, y, rows, share] {
    const GradientTarget target = gradient_target(x);
    const TensorView d_x = as_rows(target.view);
    for (std::size_t n = 0; n < d_x.dim(0); ++n) {
      put(d_x.rows(n, 1), target.add, share * flat(y.grad().rows(n / rows, 1)));
    }
  });
  return y;
}

}  // namespace saccade::ops
