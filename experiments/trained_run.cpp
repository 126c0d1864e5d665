#include "experiments/trained_run.hpp"

#include <fmt/format.h>

#include "core/errors.hpp"
#include "experiments/checkpoint.hpp"

namespace saccade::experiments {
namespace {

void check_same_interface(const rl::EnvironmentSpec& own, const rl::EnvironmentSpec& other) {
  if (own.observation.shape == other.observation.shape && own.num_actions == other.num_actions) return;
  throw ConfigError(fmt::format("world {} shows {} and takes {} actions, but the run's {} shows {} and takes {}",
                                other.name, to_string(other.observation.shape), other.num_actions, own.name,
                                to_string(own.observation.shape), own.num_actions));
}

}  // namespace

TrainedRun::TrainedRun(const RunDirectory& run, const RunOptions& options)
    : experiment{ConfigTree::load(run.config())}, workers{options.threads} {
  const envs::Resources resources{options.data_folders, &workers};
  environment = experiment.make_environment(resources);
  if (!options.world.empty()) {
    std::unique_ptr<rl::Environment> other = make_world(options.world, resources);
    check_same_interface(environment->spec(), other->spec());
    environment = std::move(other);
  }
  agent = experiment.make_agent(environment->spec());
  load_best_parameters(run.existing_checkpoint(), *agent);
}

}  // namespace saccade::experiments
