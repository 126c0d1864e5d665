#pragma once

#include <string>
#include <vector>

#include "experiments/compare.hpp"

namespace saccade::experiments {

/// Ticks of a linear axis that cover [low, high]: multiples of 1, 2 or 5 times a power of ten, about `count` of them.
/// @throws ArgumentError  unless low <= high, both finite
[[nodiscard]] std::vector<double> linear_ticks(double low, double high, std::size_t count = 5);

/// A comparison to look at: learning curves (first measure on validation; a thin line a seed, a thick one their mean),
/// the first measure on test with its interval over seeds, and its differences with both intervals. PNG file contents.
[[nodiscard]] std::string draw_comparison(const Comparison& comparison, std::size_t pixel_ratio = 2);

}  // namespace saccade::experiments
