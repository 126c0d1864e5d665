#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <utility>
#include <vector>

#include "experiments/training_jobs.hpp"

namespace saccade::commands {

/// Options of commands that train many runs, and the training itself, with a line for each run that goes on.
struct SideBySide {
  std::size_t jobs = 1;
  double budget = 0;  // hours; 0: none
  std::string data;

  void add(CLI::App& command);
  [[nodiscard]] experiments::TrainingJobOptions job_options() const;
  /// @return  the names of runs that failed, with the reason
  /// @throws Interrupted  saying how to go on
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> run(
      const std::vector<experiments::WantedRun>& wanted, const experiments::TrainingJobOptions& options) const;
};

}  // namespace saccade::commands
