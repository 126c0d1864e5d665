#include "experiments/training_jobs.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/errors.hpp"
#include "core/parallel/workers.hpp"
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

std::vector<std::string> new_run(const WantedRun& run, const fs::path& place) {
  std::vector<std::string> arguments{"run", run.config, "--seed", std::to_string(run.seed)};
  for (const std::string& assignment : run.overrides) arguments.insert(arguments.end(), {"--set", assignment});
  arguments.insert(arguments.end(), {"--out", place.string()});
  return arguments;
}

Job training_job(const WantedRun& run, const TrainingJobOptions& options, std::vector<RunDirectory>& taken) {
  const std::optional<RunDirectory> last = find_run(run, options.folder);
  const bool cut_short = last && !fs::exists(last->evaluation());
  if (!cut_short) taken.push_back(RunDirectory::create_unused(options.folder, run.name));
  const fs::path place = cut_short ? last->path() : taken.back().path();
  Job job{run.name, {}, options.folder / ".logs" / (place.filename().string() + ".log"), place};
  job.arguments =
      cut_short ? std::vector<std::string>{"run", "--resume", "--out", place.string()} : new_run(run, place);
  job.arguments.insert(job.arguments.end(), {"--threads", std::to_string(options.threads)});
  if (!options.data.empty()) job.arguments.insert(job.arguments.end(), {"--data", options.data});
  if (options.validation_only) job.arguments.emplace_back("--validation-only");
  return job;
}

}  // namespace

std::size_t threads_for(std::size_t side_by_side) {
  return std::max<std::size_t>(1, parallel::available_threads() / std::max<std::size_t>(1, side_by_side));
}

std::string configuration_of(const WantedRun& run) {
  ConfigTree tree = ConfigTree::load(find_config(run.config));
  for (const std::string& assignment : run.overrides) tree.set(assignment);
  return Experiment(tree, run.seed).to_toml();
}

std::optional<RunDirectory> finished_run(const WantedRun& run, const fs::path& folder) {
  std::optional<RunDirectory> last = find_run(run, folder);
  if (last && !fs::exists(last->evaluation())) last.reset();
  return last;
}

std::vector<Job> training_jobs(const std::vector<WantedRun>& runs, const TrainingJobOptions& options) {
  std::vector<Job> jobs;
  std::vector<RunDirectory> taken;  // places that are free, so empty; they go again when all jobs have theirs
  for (const WantedRun& run : runs) jobs.push_back(training_job(run, options, taken));
  return jobs;
}

}  // namespace saccade::experiments
