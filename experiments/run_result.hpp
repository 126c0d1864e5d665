#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/rl/report.hpp"
#include "experiments/run_directory.hpp"

namespace saccade::experiments {

/// What a finished run reached on test in one way to act.
struct TestError {
  std::string mode;
  double error = 0;                          ///< in [0, 1]
  rl::Report measures = {};                  ///< the judge's, where the world has one, in [0, 1]
  rl::Report attention = {};                 ///< see attention_report
  std::vector<double> entropy_by_step = {};  ///< of attention, nats; of runs that wrote it
};

/// What a process that trained says of itself.
struct SessionFacts {
  double images = 0;
  double training_seconds = 0;
  std::size_t threads = 0;
  std::string cpu;
  std::string commit;  ///< abbreviated; "+" marks a tree with uncommitted changes
};

/// A finished run as its files tell it, without its checkpoint: what tables are made of.
struct RunResult {
  std::filesystem::path folder;
  std::string configuration;  ///< resolved, without seed and why: what runs of one row share
  std::uint64_t seed = 0;
  std::vector<TestError> test;  ///< the mode that chose the parameters first
  double wall_seconds = 0;
  std::vector<SessionFacts> sessions;  ///< those that trained
  std::string data;                    ///< digests of its data; empty if it knows none

  /// "ram-6-seed1 (c8d4ecc221)": its folder and the commits that trained it.
  [[nodiscard]] std::string id() const;
};

/// What the sessions of runs say of themselves, each answer once, with commas between.
[[nodiscard]] std::string over_sessions(std::span<const RunResult> runs,
                                        const std::function<std::string(const SessionFacts&)>& describe);

/// The numbers of threads and the processors of their sessions, in the same way.
[[nodiscard]] std::string threads_of(std::span<const RunResult> runs);
[[nodiscard]] std::string cpus_of(std::span<const RunResult> runs);

/// @throws IoError  if the run is not finished, or a file is not what a run leaves, with its path
[[nodiscard]] RunResult read_run_result(const RunDirectory& run);

/// The same, or nothing where a run is not finished or was never tested. @throws IoError, ConfigError
[[nodiscard]] std::optional<RunResult> read_tested_run(const RunDirectory& run);

/// Runs on different data are no sample of one thing, and tell nothing of each other. @throws IoError  naming two of
/// them, if both know theirs
void check_same_data(const std::vector<RunResult>& runs);

/// What a finished run reached on validation, in the mode that chose its parameters; its test results may be missing.
struct ValidationResult {
  std::string mode;
  std::string measure = "error";  ///< that chose them: the judge's first, where the world has one
  double value = 0;               ///< of the measure, in [0, 1]
  double wall_seconds = 0;

  /// What a search makes small, as EvaluationResult::cost.
  [[nodiscard]] double cost() const { return measure == "error" ? value : 1 - value; }
};

/// @throws IoError  as read_run_result
[[nodiscard]] ValidationResult read_validation(const RunDirectory& run);

/// What a finished run reached, in one line: on test, or on validation if it was never tested, in the mode that chose
/// its parameters. @throws IoError  as read_run_result
[[nodiscard]] std::string outcome_of(const RunDirectory& run);

/// A configuration without what differs between runs of one row: the seed, and the reason why.
/// @param path  of a configuration file
[[nodiscard]] std::string seedless_configuration(const std::filesystem::path& path);

}  // namespace saccade::experiments
