#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <utility>
#include <vector>

#include "experiments/training_jobs.hpp"

namespace saccade::commands {

/// The names of runs that failed, each with the reason.
using Failures = std::vector<std::pair<std::string, std::string>>;
/// @throws Error  that tells their number and the first one, if there is one
void throw_if_any(const Failures& failures);

/// Options of commands that train many runs, and the training itself, with a line for each run that goes on.
struct SideBySide {
  std::size_t jobs = 1;
  std::size_t threads = 0;  // of each run; 0: its share of the cores
  double budget = 0;        // hours; 0: none
  std::string data;

  void add(CLI::App& command);
  [[nodiscard]] experiments::TrainingJobOptions job_options() const;
  /// @throws Interrupted  saying how to go on
  [[nodiscard]] Failures run(const std::vector<experiments::WantedRun>& wanted,
                             const experiments::TrainingJobOptions& options) const;
};

}  // namespace saccade::commands
