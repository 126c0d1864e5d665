#include "core/ops/pick.hpp"

#include <fmt/format.h>

#include "core/errors.hpp"
#include "core/tensor/checks.hpp"

namespace saccade::ops {
namespace {

/// The column of each row, kept until the next begin.
std::span<const std::size_t> keep_columns(const Variable& x, std::span<const std::int32_t> columns) {
  check_rank("pick", "x", x.value(), 2);
  check_dim("pick", "x", x.value(), 0, columns.size());
  auto* kept = static_cast<std::size_t*>(x.tape().arena().allocate(columns.size() * sizeof(std::size_t)));
  for (std::size_t n = 0; n < columns.size(); ++n) {
    if (columns[n] < 0 || static_cast<std::size_t>(columns[n]) >= x.shape()[1]) {
      throw ArgumentError(fmt::format("pick: columns must be in 0..{}, got {}",
                                      static_cast<std::ptrdiff_t>(x.shape()[1]) - 1, columns[n]));
    }
    kept[n] = static_cast<std::size_t>(columns[n]);
  }
  return {kept, columns.size()};
}

}  // namespace

Variable pick(const Variable& x, std::span<const std::int32_t> columns) {
  const auto kept = keep_columns(x, columns);
  const Variable y = x.tape().result({kept.size()}, {x});
  for (std::size_t n = 0; n < kept.size(); ++n) y.value()[n] = x.value()(n, kept[n]);
  x.tape().record(y, [x, kept, y] {
    const GradientTarget target = gradient_target(x);
    if (!target.add) fill(target.view, 0);
    for (std::size_t n = 0; n < kept.size(); ++n) target.view(n, kept[n]) += y.grad()[n];
  });
  return y;
}

}  // namespace saccade::ops
