#include "core/ops/patches.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/errors.hpp"
#include "core/tensor/checks.hpp"

namespace saccade::ops {
namespace {

void check_window(const TensorView& x, const Window& window) {
  check_rank("patches", "x", x, 4);
  if (window.height == 0 || window.width == 0 || window.stride == 0) {
    throw ArgumentError(fmt::format("patches: window must have a size and a stride, got {}x{} every {}", window.height,
                                    window.width, window.stride));
  }
  if (window.count(x.dim(1), window.height) == 0 || window.count(x.dim(2), window.width) == 0) {
    throw ArgumentError(fmt::format("patches: window must fit the image {}, got {}x{}", to_string(x.shape()),
                                    window.height, window.width));
  }
}

/// The columns of the image that the j-th window of a row shows, after `skipped` ones of the border.
struct Columns {
  std::size_t first;
  std::size_t skipped;
  std::size_t count;
};

Columns columns_of(const Shape& x, const Window& window, std::size_t j) {
  const std::size_t left = j * window.stride;
  const std::size_t begin = std::max(left, window.padding);
  const std::size_t end = std::min(left + window.width, x[2] + window.padding);
  if (begin >= end) return {0, 0, 0};
  return {begin - window.padding, begin - left, end - begin};
}

/// Calls visit(offset in x, offset in y, count) for each run of numbers that lie side by side in both.
template <typename Visit>
void for_each_run(const Shape& x, const Shape& y, const Window& window, const Visit& visit) {
  std::size_t to = 0;
  for (std::size_t b = 0; b < x[0]; ++b) {
    for (std::size_t i = 0; i < y[1]; ++i) {
      for (std::size_t j = 0; j < y[2]; ++j) {
        const Columns columns = columns_of(x, window, j);
        for (std::size_t u = 0; u < window.height; ++u, to += window.width * x[3]) {
          const std::size_t row = i * window.stride + u;
          if (row < window.padding || row >= x[1] + window.padding) continue;
          const std::size_t from = ((b * x[1] + row - window.padding) * x[2] + columns.first) * x[3];
          visit(from, to + columns.skipped * x[3], columns.count * x[3]);
        }
      }
    }
  }
}

}  // namespace

Variable patches(const Variable& x, const Window& window) {
  check_window(x.value(), window);
  const Shape& shape = x.shape();
  const Shape cut{shape[0], window.count(shape[1], window.height), window.count(shape[2], window.width),
                  window.height * window.width * shape[3]};
  const Variable y = x.tape().result(cut, {x});
  if (window.padding > 0) fill(y.value(), 0);
  const Real* source = x.value().data();
  Real* target = y.value().data();
  for_each_run(shape, cut, window, [&](std::size_t from, std::size_t to, std::size_t count) {
    std::copy_n(source + from, count, target + to);
  });
  x.tape().record(y, [x, y, window] {
    const GradientTarget gradient = gradient_target(x);
    if (!gradient.add) fill(gradient.view, 0);
    Real* d_x = gradient.view.data();
    const Real* d_y = y.grad().data();
    for_each_run(x.shape(), y.shape(), window, [&](std::size_t to, std::size_t from, std::size_t count) {
      for (std::size_t k = 0; k < count; ++k) d_x[to + k] += d_y[from + k];
    });
  });
  return y;
}

}  // namespace saccade::ops
