#pragma once

#include <string>

#include "experiments/compare.hpp"

namespace saccade::experiments {

/// A comparison to read: sentences; measures, mean over seeds with the interval of summary.hpp; differences with both
/// intervals (all measures of the leading modes, the first one of other modes); attention; cost.
[[nodiscard]] std::string comparison_as_markdown(const Comparison& comparison);

/// The same as comma-separated values, unrounded, all measures in all modes: run, mode, measure, seeds, mean, half the
/// interval; shares in per cent, entropies, places read and shifts as they are.
[[nodiscard]] std::string comparison_measures_as_csv(const Comparison& comparison);

/// first, first mode, second, second mode, measure, points, intervals, share of resamples, verdict.
[[nodiscard]] std::string comparison_differences_as_csv(const Comparison& comparison);

/// run, seed, epoch and the first measure on validation, per cent.
[[nodiscard]] std::string comparison_curves_as_csv(const Comparison& comparison);

}  // namespace saccade::experiments
