#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "core/parallel/workers.hpp"

/// The paired bootstrap over test items (Efron and Tibshirani 1993, "An Introduction to the Bootstrap"; for measures of
/// a whole test set such as BLEU, Koehn 2004, "Statistical Significance Tests for Machine Translation Evaluation").
namespace saccade::experiments {

/// What a run says of each test item: K numbers whose sums over any items give the measures of those items.
struct ItemStatistics {
  std::size_t items = 0;            ///< N
  std::size_t count = 0;            ///< K
  std::vector<double> values = {};  ///< [N, K], row by row
};

/// The measures, M of them, of some items from the sums of their statistics. Called by several threads.
using MeasuresOf = std::function<std::vector<double>(std::span<const double> sums, std::size_t items)>;

/// Measures of resamples.
struct Replicates {
  std::size_t measures = 0;         ///< M
  std::vector<double> values = {};  ///< [R, M], row by row
};

/// Resample r draws N of the N items with replacement; its measures are those of each run on these items, and their
/// mean over runs. Which items r draws depends on r and N alone, so that replicates of different runs are paired, for
/// any number of workers.
/// @throws ArgumentError  without runs or items, or if runs have different items or statistics
[[nodiscard]] Replicates bootstrap(const std::vector<ItemStatistics>& runs, const MeasuresOf& measures_of,
                                   std::size_t resamples, parallel::Workers& workers);

/// What resamples say of a difference.
struct ItemInterval {
  double low = 0;    ///< 2.5 % point of the resamples' differences, linear between neighbours
  double high = 0;   ///< 97.5 % point
  double share = 1;  ///< of resamples on whose side of 0 fewer lie, twice: min(1, 2 (1 + #) / (1 + R))

  [[nodiscard]] bool contains_zero() const { return low <= 0 && high >= 0; }
};

/// Of measure m of the second less that of the first.
/// @throws ArgumentError  unless both have as many replicates and the measure
[[nodiscard]] ItemInterval difference_interval(const Replicates& first, const Replicates& second, std::size_t m);

}  // namespace saccade::experiments
