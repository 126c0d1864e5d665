#include "core/tensor/reductions.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "core/tensor/checks.hpp"

namespace saccade {
namespace {

constexpr std::size_t lanes = 16;
using Lanes = std::array<Real, lanes>;

/// Puts add(lane, i) into each lane for all indices below count that belong to it, and folds the lanes with `join`.
template <typename Add, typename Join>
Real reduce(std::size_t count, Real start, const Add& add, const Join& join) {
  Lanes sums;
  sums.fill(start);
  const std::size_t whole = count - count % lanes;
  for (std::size_t i = 0; i < whole; i += lanes) {
    for (std::size_t j = 0; j < lanes; ++j) sums[j] = add(sums[j], i + j);
  }
  for (std::size_t i = whole; i < count; ++i) sums[i - whole] = add(sums[i - whole], i);
  for (std::size_t width = lanes / 2; width > 0; width /= 2) {
    for (std::size_t j = 0; j < width; ++j) sums[j] = join(sums[j], sums[j + width]);
  }
  return sums[0];
}

Real larger(Real a, Real b) { return a > b ? a : b; }
Real plus(Real a, Real b) { return a + b; }

}  // namespace

Real sum_of(const TensorView& x) {
  const Real* p = x.data();
  return reduce(
      x.size(), 0, [p](Real sum, std::size_t i) { return sum + p[i]; }, plus);
}

Real dot(const TensorView& x, const TensorView& y) {
  check_size("dot", "y", y, x.size());
  const Real* p = x.data();
  const Real* q = y.data();
  return reduce(
      x.size(), 0, [p, q](Real sum, std::size_t i) { return sum + p[i] * q[i]; }, plus);
}

Real max_of(const TensorView& x) {
  const Real* p = x.data();
  return reduce(
      x.size(), -std::numeric_limits<Real>::infinity(), [p](Real most, std::size_t i) { return larger(most, p[i]); },
      larger);
}

}  // namespace saccade
