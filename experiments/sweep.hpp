#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "experiments/run_result.hpp"
#include "experiments/training_jobs.hpp"

/// Search over settings of an experiment: which trials there are, and which of them is best on validation. The test
/// split plays no part in it.
namespace saccade::experiments {

/// A key and the values that it takes in turn.
struct GridAxis {
  std::string key;
  std::vector<std::string> values;
};

/// A key and the interval from which each trial draws its value.
struct RandomAxis {
  std::string key;
  double low = 0;
  double high = 1;
  bool logarithmic = false;  ///< uniform in the logarithm
  bool whole = false;        ///< rounded to a whole number
};

struct SweepPlan {
  std::string config;
  std::vector<std::string> overrides;  ///< of all trials
  std::vector<GridAxis> grid;
  std::vector<RandomAxis> random;
  std::size_t draws = 8;                ///< of the random axes, each tried at every point of the grid
  std::uint64_t seed = 0;               ///< of the draws; draw i is the same whatever their number
  std::vector<std::uint64_t> seeds{0};  ///< of each trial's runs
};

/// A key with its value, as `--set` takes them.
using Assignment = std::pair<std::string, std::string>;

struct Trial {
  std::vector<Assignment> settings;
  std::vector<WantedRun> runs;  ///< one a seed
};

/// Reads "agent.location_std=0.05,0.1". @throws ConfigError
[[nodiscard]] GridAxis parse_grid_axis(const std::string& text);

/// Reads "trainer.schedule.rate=log:1e-4:1e-2", "agent.dropout=0:0.5" or "agent.hidden=int:64:512", or "int-log:".
/// @throws ConfigError
[[nodiscard]] RandomAxis parse_random_axis(const std::string& text);

/// Every point of the grid with every draw; equal ones once. Names of runs tell the settings:
/// "location_std=0.1,core=lstm-seed0".
/// @throws ConfigError  for a key that two axes share, the key seed, a seed that is given twice, or a plan without axes
[[nodiscard]] std::vector<Trial> trials_of(const SweepPlan& plan);

/// What makes a search another one: its configuration, its overrides and the keys that it varies, a line each. More
/// values, draws or seeds only add to it.
[[nodiscard]] std::string search_of(const SweepPlan& plan);

/// What is known of a trial, from the files of its runs.
struct TrialResult {
  const Trial* trial = nullptr;
  std::vector<ValidationResult> runs = {};  ///< those that are finished
  std::vector<std::string> failures = {};

  /// Per cent, of each finished run.
  [[nodiscard]] std::vector<double> values() const;
};

/// Trials in the order of what chose their parameters on validation (the error, or a measure that is better when
/// greater), as the mean over seeds; those that lack runs after those that lack none.
/// @param folder    of the runs
/// @param failures  of runs, by their name, in words
[[nodiscard]] std::vector<TrialResult> rank_trials(const std::vector<Trial>& trials,
                                                   const std::filesystem::path& folder,
                                                   const std::vector<std::pair<std::string, std::string>>& failures);

/// Markdown and comma-separated values: a row a trial, its settings, what chose its parameters on validation in per
/// cent with the interval over seeds, mean wall time.
[[nodiscard]] std::string sweep_as_markdown(const SweepPlan& plan, const std::vector<TrialResult>& ranking);
[[nodiscard]] std::string sweep_as_csv(const std::vector<TrialResult>& ranking);

}  // namespace saccade::experiments
