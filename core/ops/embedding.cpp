#include "core/ops/embedding.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/errors.hpp"
#include "core/tensor/checks.hpp"

namespace saccade::ops {
namespace {

/// The words, kept until the next begin.
std::span<const std::int32_t> keep_words(const Variable& table, std::span<const std::int32_t> words) {
  check_rank("embedding", "table", table.value(), 2);
  for (const std::int32_t word : words) {
    if (word >= 0 && static_cast<std::size_t>(word) >= table.shape()[0]) {
      throw ArgumentError(fmt::format("embedding: words must be at most {}, got {}",
                                      static_cast<std::ptrdiff_t>(table.shape()[0]) - 1, word));
    }
  }
  auto* kept = static_cast<std::int32_t*>(table.tape().arena().allocate(words.size_bytes()));
  std::copy(words.begin(), words.end(), kept);
  return {kept, words.size()};
}

}  // namespace

Variable embedding(const Variable& table, std::span<const std::int32_t> words) {
  const auto kept = keep_words(table, words);
  const Variable y = table.tape().result({kept.size(), table.shape()[1]}, {table});
  for (std::size_t n = 0; n < kept.size(); ++n) {
    const TensorView row = y.value().rows(n, 1);
    kept[n] < 0 ? fill(row, 0) : copy(table.value().rows(static_cast<std::size_t>(kept[n]), 1), row);
  }
  table.tape().record(y, [table, kept, y] {
    const GradientTarget target = gradient_target(table);
    if (!target.add) fill(target.view, 0);
    for (std::size_t n = 0; n < kept.size(); ++n) {
      if (kept[n] < 0) continue;
      add_to(target.view.rows(static_cast<std::size_t>(kept[n]), 1), flat(y.grad().rows(n, 1)));
    }
  });
  return y;
}

}  // namespace saccade::ops
