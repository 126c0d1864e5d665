#pragma once

#include <memory>
#include <string>
#include <vector>

#include "experiments/experiment.hpp"
#include "experiments/run.hpp"
#include "experiments/trainer.hpp"
#include "tests/support/temp_folder.hpp"

/// Experiments that take a few milliseconds.
namespace saccade::tests {

using Overrides = std::vector<std::string>;

inline const std::string tiny_toml = R"(
[environment]
kind = "digits"
train = 256
validation = 64
test = 64
[agent]
kind = "ram"
glimpses = 3
hidden = 16
glimpse.what_hidden = 8
glimpse.where_hidden = 8
glimpse.features = 16
[trainer]
epochs = 4
batch = 64
shard = 16
schedule.rate = 0.01
[evaluation]
samples = 3
)";

/// What makes of the tiny experiment a game of catch.
inline const Overrides tiny_catch{"environment.kind=catch", "environment.side=6", "agent.core=lstm",
                                  "agent.entropy_coefficient=0.1"};

inline experiments::ConfigTree tiny_tree(const Overrides& overrides = {}) {
  const TempFolder folder;
  experiments::ConfigTree tree = experiments::ConfigTree::load(folder.write("tiny.toml", tiny_toml));
  for (const std::string& override : overrides) tree.set(override);
  return tree;
}

inline experiments::Experiment tiny_experiment(const Overrides& overrides = {}) {
  return experiments::Experiment(tiny_tree(overrides));
}

/// All that a trainer needs, alive as long as it.
struct TinyTraining {
  explicit TinyTraining(const Overrides& overrides = {}, std::size_t threads = 1)
      : experiment{tiny_experiment(overrides)}, workers{threads} {}

  experiments::Experiment experiment;
  parallel::Workers workers;
  std::unique_ptr<rl::Environment> environment = experiment.make_environment({{}, &workers});
  std::unique_ptr<rl::Agent> agent = experiment.make_agent(environment->spec());
  experiments::Trainer trainer{experiment, *environment, *agent, workers};
};

/// What two equal runs have in common, to the byte.
struct RunBytes {
  std::string checkpoint;
  std::string log;

  bool operator==(const RunBytes&) const = default;
};

inline RunBytes bytes_of(const TempFolder& folder, const std::string& run) {
  return {folder.read(run + "/checkpoint.safetensors"), folder.read(run + "/metrics.jsonl")};
}

}  // namespace saccade::tests
