#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "experiments/jobs.hpp"
#include "experiments/run_directory.hpp"

/// Runs that tables and sweeps want, as jobs of the command `saccade run`.
namespace saccade::experiments {

/// A configuration with overrides and a seed, and the folder of its run.
struct WantedRun {
  std::string name;                    ///< of the run's folder; a number is added where another run has it
  std::string config;                  ///< as `saccade run` takes it
  std::vector<std::string> overrides;  ///< KEY=VALUE each
  std::uint64_t seed = 0;
};

/// What all runs of a table or a sweep share.
struct TrainingJobOptions {
  std::filesystem::path folder = "runs";
  std::size_t threads = 1;       ///< of each job
  std::string data;              ///< --data, if it is not empty
  bool validation_only = false;  ///< leave the test split alone
};

/// The threads of each job when so many share the machine: the cores that this process may use divided among them, 1 at
/// least.
[[nodiscard]] std::size_t threads_for(std::size_t side_by_side);

/// The resolved configuration of a wanted run. @throws ConfigError, IoError
[[nodiscard]] std::string configuration_of(const WantedRun& run);

/// The finished run of that name and configuration in a folder, if there is one.
[[nodiscard]] std::optional<RunDirectory> finished_run(const WantedRun& run, const std::filesystem::path& folder);

/// The jobs that make wanted runs, or that go on with those of equal configuration that were cut short. Logs are
/// FOLDER/.logs/NAME.log. Where two wanted runs have one name, the folder of the second gets a number.
/// @throws ConfigError, IoError  for a configuration that cannot be run
[[nodiscard]] std::vector<Job> training_jobs(const std::vector<WantedRun>& runs, const TrainingJobOptions& options);

}  // namespace saccade::experiments
