#include "experiments/bootstrap.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/errors.hpp"
#include "core/random/stream.hpp"

namespace saccade::experiments {
namespace {

constexpr std::size_t grain = 64;  // resamples that one task takes

void check_runs(const std::vector<ItemStatistics>& runs) {
  if (runs.empty() || runs.front().items == 0) throw ArgumentError("bootstrap: expected at least one run and one item");
  for (const ItemStatistics& run : runs) {
    if (run.items == runs.front().items && run.count == runs.front().count &&
        run.values.size() == run.items * run.count) {
      continue;
    }
    throw ArgumentError(fmt::format("bootstrap: runs must have the same items, got {} and {} with {} and {} statistics",
                                    runs.front().items, run.items, runs.front().count, run.count));
  }
}

/// [N, runs x K]: all that is said of an item side by side.
std::vector<double> by_item(const std::vector<ItemStatistics>& runs) {
  std::vector<double> rows;
  rows.reserve(runs.size() * runs.front().values.size());
  for (std::size_t n = 0; n < runs.front().items; ++n) {
    for (const ItemStatistics& run : runs) {
      const double* row = run.values.data() + n * run.count;
      rows.insert(rows.end(), row, row + run.count);
    }
  }
  return rows;
}

void add_drawn(std::size_t resample, std::size_t items, const std::vector<double>& rows, std::vector<double>& sums) {
  std::fill(sums.begin(), sums.end(), 0);
  random::Stream stream(/*seed=*/0, random::Purpose("bootstrap over items"), resample);
  for (std::size_t draw = 0; draw < items; ++draw) {
    const double* row = rows.data() + stream.below(static_cast<std::uint32_t>(items)) * sums.size();
    for (std::size_t k = 0; k < sums.size(); ++k) sums[k] += row[k];
  }
}

std::vector<double> mean_measures(const std::vector<double>& sums, const std::vector<ItemStatistics>& runs,
                                  const MeasuresOf& measures_of) {
  const std::size_t count = runs.front().count;
  std::vector<double> mean;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const std::vector<double> values = measures_of(std::span(sums).subspan(i * count, count), runs.front().items);
    mean.resize(values.size());
    for (std::size_t m = 0; m < values.size(); ++m) mean[m] += values[m] / static_cast<double>(runs.size());
  }
  return mean;
}

double quantile(const std::vector<double>& sorted, double share) {
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (place - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

std::vector<double> differences(const Replicates& first, const Replicates& second, std::size_t m) {
  std::vector<double> result;
  for (std::size_t i = m; i < first.values.size(); i += first.measures)
    result.push_back(second.values[i] - first.values[i]);
  return result;
}

/// Twice the share of the smaller side, 0 on both.
double smaller_side(const std::vector<double>& sorted) {
  const auto not_above = std::upper_bound(sorted.begin(), sorted.end(), 0.0) - sorted.begin();
  const auto not_below = sorted.end() - std::lower_bound(sorted.begin(), sorted.end(), 0.0);
  const auto fewer = static_cast<double>(std::min(not_above, not_below));
  return std::min(1.0, 2 * (1 + fewer) / (1 + static_cast<double>(sorted.size())));
}

}  // namespace

Replicates bootstrap(const std::vector<ItemStatistics>& runs, const MeasuresOf& measures_of, std::size_t resamples,
                     parallel::Workers& workers) {
  check_runs(runs);
  const std::size_t items = runs.front().items;
  const std::vector<double> rows = by_item(runs);
  std::vector<std::vector<double>> measures(resamples);
  workers.for_ranges(resamples, grain, [&](std::size_t begin, std::size_t end) {
    std::vector<double> sums(runs.size() * runs.front().count);
    for (std::size_t r = begin; r < end; ++r) {
      add_drawn(r, items, rows, sums);
      measures[r] = mean_measures(sums, runs, measures_of);
    }
  });
  Replicates replicates{measures.empty() ? 0 : measures.front().size()};
  for (const std::vector<double>& values : measures)
    replicates.values.insert(replicates.values.end(), values.begin(), values.end());
  return replicates;
}

ItemInterval difference_interval(const Replicates& first, const Replicates& second, std::size_t m) {
  if (m >= first.measures || first.measures != second.measures || first.values.size() != second.values.size()) {
    throw ArgumentError("difference_interval: expected as many replicates of both, with that measure");
  }
  std::vector<double> sorted = differences(first, second, m);
  std::sort(sorted.begin(), sorted.end());
  return {quantile(sorted, 0.025), quantile(sorted, 0.975), smaller_side(sorted)};
}

}  // namespace saccade::experiments
