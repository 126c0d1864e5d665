#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "experiments/run.hpp"

namespace saccade::commands {

/// What several commands share.
struct CommonOptions {
  std::size_t threads = 0;
  std::string data;

  void add(CLI::App& command);
  [[nodiscard]] experiments::RunOptions resolve(const std::string& command_line) const;
};

/// Trains with a progress line; a signal ends it with a word on how to go on.
/// @throws Interrupted
void train(experiments::Experiment& experiment, experiments::RunDirectory& run, const experiments::RunOptions& options);

}  // namespace saccade::commands
