#include "core/tensor/bfloat16.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/errors.hpp"

namespace saccade {
namespace {

void check_sizes(const char* function, std::size_t from, std::size_t to) {
  if (from == to) return;
  throw ArgumentError(fmt::format("{}: expected room for {} numbers, got {}", function, from, to));
}

}  // namespace

void to_bfloat16(std::span<const Real> from, std::span<std::uint16_t> to) {
  check_sizes("to_bfloat16", from.size(), to.size());
  std::transform(from.begin(), from.end(), to.begin(), [](Real x) { return to_bfloat16(static_cast<float>(x)); });
}

void round_to_bfloat16(std::span<const Real> from, std::span<Real> to) {
  check_sizes("round_to_bfloat16", from.size(), to.size());
  std::transform(from.begin(), from.end(), to.begin(),
                 [](Real x) { return Real{from_bfloat16(to_bfloat16(static_cast<float>(x)))}; });
}

}  // namespace saccade
