#include "experiments/training_jobs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <thread>

#include "core/errors.hpp"
#include "experiments/experiment.hpp"
#include "experiments/run_directory.hpp"

namespace saccade::experiments {
namespace {

namespace fs = std::filesystem;

/// The last run of that name and configuration, finished or not.
std::optional<RunDirectory> find_run(const WantedRun& run, const fs::path& folder) {
  try {
    return RunDirectory::open_last(folder, run.name, configuration_of(run));
  } catch (const IoError&) {
    return std::nullopt;  // there is none
  }
}

std::vector<std::string> new_run(const WantedRun& run, const fs::path& folder) {
  std::vector<std::string> arguments{"run", run.config, "--seed", std::to_string(run.seed)};
  for (const std::string& assignment : run.overrides) arguments.insert(arguments.end(), {"--set", assignment});
  // Made and, being empty, removed again: what stays is a name that is free.
  const fs::path place = RunDirectory::create_unused(folder, run.name).path();
  arguments.insert(arguments.end(), {"--out", place.string()});
  return arguments;
}

}  // namespace

std::size_t threads_for(std::size_t side_by_side) {
  const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
  return std::max<std::size_t>(1, cores / std::max<std::size_t>(1, side_by_side));
}

std::string configuration_of(const WantedRun& run) {
  ConfigTree tree = ConfigTree::load(find_config(run.config));
  for (const std::string& assignment : run.overrides) tree.set(assignment);
  return Experiment(tree, run.seed).to_toml();
}

bool is_finished(const WantedRun& run, const fs::path& folder) {
  const std::optional<RunDirectory> last = find_run(run, folder);
  return last && fs::exists(last->evaluation());
}

Job training_job(const WantedRun& run, const TrainingJobOptions& options) {
  Job job{run.name, {}, options.folder / (run.name + ".log")};
  const std::optional<RunDirectory> last = find_run(run, options.folder);
  const bool cut_short = last && !fs::exists(last->evaluation());
  job.arguments = cut_short ? std::vector<std::string>{"run", "--resume", "--out", last->path().string()}
                            : new_run(run, options.folder);
  job.arguments.insert(job.arguments.end(), {"--threads", std::to_string(options.threads)});
  if (!options.data.empty()) job.arguments.insert(job.arguments.end(), {"--data", options.data});
  if (options.validation_only) job.arguments.emplace_back("--validation-only");
  return job;
}

}  // namespace saccade::experiments
