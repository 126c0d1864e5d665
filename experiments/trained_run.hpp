#pragma once

#include <memory>

#include "experiments/run.hpp"

namespace saccade::experiments {

/// A run's agent with the parameters that validation chose, in the run's world or in another one. Products are of the
/// run's precision, or emulated where this machine cannot have that one.
struct TrainedRun {
  /// @param options  options.world names another world than the run's, with its default settings; empty: the run's
  /// @throws IoError  if the run or the data cannot be read; ConfigError if the agent does not fit the other world
  TrainedRun(const RunDirectory& run, const RunOptions& options);

  Experiment experiment;
  parallel::Workers workers;
  std::unique_ptr<rl::Environment> environment;
  std::unique_ptr<rl::Agent> agent;
};

}  // namespace saccade::experiments
