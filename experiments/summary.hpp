#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "experiments/run_result.hpp"

namespace saccade::experiments {

/// 97.5 % point of Student's t with so many degrees of freedom, right to three digits.
/// @throws ArgumentError  for none
[[nodiscard]] double t_quantile(std::size_t degrees);

/// Mean over runs with its 95 % interval from Student's t; the interval is 0 for one run, which has none.
struct SeedStatistics {
  std::size_t n = 0;
  double mean = 0;
  double deviation = 0;   ///< of the values around their mean, with n - 1; 0 for one
  double half_width = 0;  ///< of the interval
};
/// @throws ArgumentError  for no values
[[nodiscard]] SeedStatistics seed_statistics(const std::vector<double>& values);

/// Values as a cell of a table: "1.35 ± 0.35"; without a half-width where they do not differ, as a few equal counts do
/// not mean that all would be equal; a dash for none.
[[nodiscard]] std::string statistics_cell(const std::vector<double>& values);

/// The modes in which runs were tested, each once: the columns of a table, given a run of each of its rows. Those of
/// the run with most come first, so that controls with fewer, wherever they stand, do not move columns or change
/// colours.
[[nodiscard]] std::vector<std::string> modes_of(std::vector<const RunResult*> runs);

/// Each value times a factor: shares as per cent.
[[nodiscard]] std::vector<double> times(double factor, std::vector<double> values);

/// Test errors of runs of one configuration in one mode, in per cent; empty where the agent has no such mode.
[[nodiscard]] std::vector<double> errors_of(const std::vector<RunResult>& runs, const std::string& mode);

/// Whether a measure or a statistic of attention is a share, told in per cent: all are but entropies (nats), places
/// read and shifts (0 to 1).
[[nodiscard]] bool is_share(const std::string& measure);

/// A measure or a statistic of the attention of runs of one configuration in one mode, shares in per cent; empty where
/// there is none.
[[nodiscard]] std::vector<double> measures_of(const std::vector<RunResult>& runs, const std::string& mode,
                                              const std::string& measure);

/// The statistics_cell of test errors of runs of one configuration in one mode, in per cent; a dash where the agent has
/// no such mode.
[[nodiscard]] std::string error_cell(const std::vector<RunResult>& runs, const std::string& mode);

/// Runs whose configurations differ in nothing but the seed.
struct RunRow {
  std::string name;  ///< "ram-6" for the runs "ram-6-seed0", ...; the first folder where that names two rows
  std::vector<RunResult> runs;
};

/// The rows of finished runs, in the order of their first folders.
/// @throws IoError  if a folder holds no finished run, or a row's were trained on different data
/// @throws ArgumentError  if a row has a seed twice
[[nodiscard]] std::vector<RunRow> rows_of(const std::vector<std::filesystem::path>& runs);

/// Mean over runs, of which there must be one.
[[nodiscard]] double mean_wall_seconds(const std::vector<RunResult>& runs);
/// All images that the runs of a row trained with, over the seconds of that.
[[nodiscard]] double images_per_second(const RunRow& row);

/// Markdown table over finished runs: those whose configurations differ in nothing but the seed share a row. Columns:
/// test error in each mode of the agents, number of seeds, training time, images/s, CPU, commit. The rows keep the
/// order of the folders.
/// @throws IoError  if a folder holds no finished run
[[nodiscard]] std::string summarise_runs(const std::vector<std::filesystem::path>& runs);

}  // namespace saccade::experiments
