#pragma once

#include <string>

#include "experiments/compare.hpp"

namespace saccade::experiments {

/// A comparison to look at: learning curves (first measure on validation; a thin line a seed, a thick one their mean),
/// the first measure on test with its interval over seeds, and its differences with both intervals. PNG file contents.
[[nodiscard]] std::string draw_comparison(const Comparison& comparison, std::size_t pixel_ratio = 2);

}  // namespace saccade::experiments
