#include "core/ops/dropout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

#include "core/errors.hpp"
#include "core/tensor/checks.hpp"

namespace saccade::ops {
namespace {

void check_arguments(const Variable& x, Real rate, std::size_t streams) {
  if (!(rate >= 0 && rate < 1)) throw ArgumentError(fmt::format("dropout: rate must be in [0, 1), got {}", rate));
  check_rank("dropout", "x", x.value(), std::max<std::size_t>(x.shape().rank(), 1));
  const std::size_t rows = as_rows(x.value()).dim(0);
  if (rows == streams) return;
  throw ShapeError(
      fmt::format("dropout: expected a stream for each row of x, got {} for shape {}", streams, to_string(x.shape())));
}

/// m of the formula.
TensorView draw_factors(const TensorView& x, Real rate, std::span<random::Stream> rows, Arena& arena) {
  const TensorView factors = arena.tensor(x.shape());
  const auto dropped = static_cast<std::uint64_t>(double{rate} * 0x1p32);
  const Real kept = Real{1} / (Real{1} - rate);
  for (std::size_t n = 0; n < rows.size(); ++n) {
    random::Stream stream = rows[n];
    for (Real& factor : factors.rows(n, 1).span()) factor = stream.bits() < dropped ? Real{0} : kept;
    rows[n] = stream;
  }
  return factors;
}

}  // namespace

Variable dropout(const Variable& x, Real rate, std::span<random::Stream> rows) {
  check_arguments(x, rate, rows.size());
  if (rate == 0) return x;
  const Variable y = x.tape().result(x.shape(), {x});
  const TensorView factors = draw_factors(as_rows(x.value()), rate, rows, x.tape().arena());
  assign(y.value(), flat(factors) * flat(x.value()));
  x.tape().record(y, [x, y, factors] { add_grad(x, flat(factors) * flat(y.grad())); });
  return y;
}

}  // namespace saccade::ops
