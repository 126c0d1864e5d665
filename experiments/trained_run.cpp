#include "experiments/trained_run.hpp"

#include "core/io/file.hpp"
#include "experiments/checkpoint.hpp"

namespace saccade::experiments {
TrainedRun::TrainedRun(const RunDirectory& run, const RunOptions& options)
    : experiment{ConfigTree::load(run.config())}, workers{options.threads} {
  const envs::Resources resources{options.data_folders, &workers, options.photographs};
  environment = options.world.empty() ? experiment.make_environment(resources) : make_world(options.world, resources);
  run.check_actions(*environment);
  if (options.world.empty()) run.check_data(*environment);  // another world has other data
  agent = experiment.make_agent(environment->spec());
  agent->parameters().set_precision(nearest_to(experiment.precision(), product_support()));
  check_configuration(run.existing_checkpoint(), io::read_file(run.config()));
  load_best_parameters(run.existing_checkpoint(), *agent);
}

}  // namespace saccade::experiments
