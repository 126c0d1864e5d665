#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/errors.hpp"
#include "experiments/checkpoint.hpp"
#include "experiments/figure.hpp"
#include "experiments/run.hpp"

namespace saccade::experiments {
namespace {

std::vector<float> values_of(const TensorView& rows, std::size_t row) {
  const TensorView one = rows.rows(row, 1);
  return {one.begin(), one.end()};
}

GlimpsePath trace_episode(const Lane& lane, const TensorView& images, std::size_t b) {
  GlimpsePath path;
  path.height = images.dim(1);
  path.width = images.dim(2);
  path.channels = images.dim(3);
  path.image = values_of(images, b);
  for (const rl::Glimpse& glimpse : lane.actor->glimpses()) {
    path.scales = glimpse.patches.dim(1);
    path.glimpse_size = glimpse.patches.dim(2);
    path.steps.push_back({static_cast<double>(glimpse.location(b, 0)), static_cast<double>(glimpse.location(b, 1)),
                          values_of(glimpse.patches, b)});
  }
  const TensorView log_probs = lane.actor->action_log_probs().rows(b, 1);
  const Real* best = std::max_element(log_probs.begin(), log_probs.end());
  path.predicted = static_cast<int>(best - log_probs.begin());
  path.confidence = std::exp(static_cast<double>(*best));
  path.label = lane.last.target[b];
  return path;
}

}  // namespace

std::string show_run(const RunDirectory& run, const RunOptions& options, rl::Split split, std::size_t first,
                     std::size_t count, rl::Decision decision) {
  const Experiment experiment(ConfigTree::load(run.config()));
  parallel::Workers workers(options.threads);
  const auto environment = experiment.make_environment({options.data_folders, &workers});
  const auto agent = experiment.make_agent(environment->spec());
  load_best_parameters(run.existing_checkpoint(), *agent);

  Lane lane(*environment, *agent);
  for (std::size_t i = 0; i < count; ++i) lane.keys.push_back({split, first + i, first + i});
  lane.play(Tape::Mode::infer, {decision, experiment.seed(), random::Purpose("show")});
  if (lane.actor->glimpses().empty()) {
    throw ConfigError(fmt::format("{}: agent {} takes no glimpses, so there is nothing to show", run.path().string(),
                                  experiment.agent_kind()));
  }
  std::vector<GlimpsePath> paths;
  for (std::size_t b = 0; b < count; ++b) paths.push_back(trace_episode(lane, lane.last.observation, b));
  FigureOptions figure;
  figure.title = fmt::format("{} on {}, {} split, {}", experiment.agent_kind(), environment->spec().name,
                             rl::name(split), decision == rl::Decision::mean ? "mean location" : "one sample");
  return draw_glimpse_paths(paths, figure);
}

}  // namespace saccade::experiments
