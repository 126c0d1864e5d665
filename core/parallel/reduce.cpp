#include "core/parallel/reduce.hpp"

#include <array>
#include <numeric>
#include <span>
#include <vector>

#include "core/tensor/checks.hpp"

namespace saccade::parallel {
namespace {

constexpr std::size_t grain = 16384;

double square(Real x) { return static_cast<double>(x) * static_cast<double>(x); }

/// In lanes that do not wait for each other: one sum takes a number in the time of an addition.
double squares(std::span<const Real> x) {
  std::array<double, 32> lanes{};
  std::size_t i = 0;
  for (; i + lanes.size() <= x.size(); i += lanes.size()) {
    for (std::size_t lane = 0; lane < lanes.size(); ++lane) lanes[lane] += square(x[i + lane]);
  }
  for (std::size_t lane = 0; i < x.size(); ++i, ++lane) lanes[lane] += square(x[i]);
  return std::accumulate(lanes.begin(), lanes.end(), 0.0);
}

}  // namespace

void ordered_sum(Workers& workers, std::span<const TensorView> parts) {
  if (parts.size() < 2) return;
  for (const TensorView& part : parts) check_size("ordered_sum", "parts", part, parts.front().size());
  workers.for_ranges(parts.front().size(), grain, [&](std::size_t begin, std::size_t end) {
    Real* sum = parts.front().data();
    for (const TensorView& part : parts.subspan(1)) {
      for (std::size_t i = begin; i < end; ++i) sum[i] += part[i];
    }
  });
}

double sum_of_squares(Workers& workers, const TensorView& x) {
  // Pieces are few (4 million numbers make 256): larger arrays take larger pieces, by a rule that knows no threads.
  constexpr std::size_t max_pieces = 256;
  const std::size_t piece = std::max(grain, (x.size() + max_pieces - 1) / max_pieces);
  std::array<double, max_pieces> sums{};
  workers.for_ranges(x.size(), piece, [&](std::size_t begin, std::size_t end) {
    sums[begin / piece] = squares(x.span().subspan(begin, end - begin));
  });
  return std::accumulate(sums.begin(), sums.end(), 0.0);
}

}  // namespace saccade::parallel
