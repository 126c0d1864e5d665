#include "experiments/experiment.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>

#include "core/errors.hpp"
#include "experiments/build_info.hpp"

namespace saccade::experiments {
namespace {

namespace fs = std::filesystem;

template <typename Entries>
std::vector<std::string> names_of(const Entries& entries) {
  std::vector<std::string> names;
  for (const auto& entry : entries) names.emplace_back(entry.name);
  return names;
}

/// The builder of the kind that a section names.
template <typename Entries>
auto make_builder(const ConfigTree& tree, const std::string& section, const Entries& entries, std::string& kind) {
  kind = tree.choice_at(section + ".kind", names_of(entries)).value_or(std::string(entries.front().name));
  const auto entry = std::find_if(entries.begin(), entries.end(), [&](const auto& e) { return e.name == kind; });
  return entry->make();
}

}  // namespace

void TrainerConfig::describe(config::Fields& fields) {
  fields.add("epochs", &epochs, "passes over the training split; a pass leaves out what does not fill a batch",
             config::range(1, 1e6));
  fields.add("batch", &batch, "episodes a training step, before roll-outs", config::range(1, 1e6));
  fields.add("shard", &shard, "episodes that one task takes together, roll-outs included", config::range(1, 1e6));
  fields.add("patience", &patience, "stop after this many epochs without a better validation result; 0: never",
             config::at_least(0));
  fields.add("validation", &validation,
             "way of testing that chooses the parameters: the agent's first, or its first that searches with a beam",
             config::one_of({"first", "beam"}));
  fields.add("clip_norm", &clip_norm, "largest global norm of the gradient; 0: no limit", config::at_least(0));
  optimiser.describe(fields.group("optimiser"));
  schedule.describe(fields.group("schedule"));
}

void EvaluationConfig::describe(config::Fields& fields) {
  fields.add("samples", &effort.samples, "samples M of the mode that averages them", config::range(1, 10000));
  fields.add("beam", &effort.beam, "hypotheses of the mode that searches sequences of actions", config::range(1, 1000));
  fields.add(
      "length_power", &effort.length_power,
      "that search compares sequences by log-probability / length^this: 1 by the mean of their steps, 0 by all of it",
      config::range(0, 10));
  fields.add("chunk", &chunk, "episodes that are evaluated together; changes results by rounding at most",
             config::range(1, 100000));
}

Experiment::Experiment(const ConfigTree& tree, std::optional<std::uint64_t> seed)
    : environment_{make_builder(tree, "environment", envs::registry(), environment_kind_)},
      agent_{make_builder(tree, "agent", agents::registry(), agent_kind_)} {
  config::Fields root;
  describe(root);
  apply(tree, root);
  if (seed) seed_ = *seed;
  if (seed_ >> 48U != 0) throw ConfigError(fmt::format("seed: must be below 2^48 = {}, got {}", 1ULL << 48U, seed_));
}

void Experiment::describe(config::Fields& root) {
  root.add("why", &why_, "the question that this experiment answers");
  root.add("seed", &seed_, "of the initial parameters, the order of the data and every draw; below 2^48",
           config::at_least(0));
  root.add("precision", &precision_, "number type that the operands of matrix products are rounded to",
           config::one_of({precision_names().begin(), precision_names().end()}));
  config::Fields& environment = root.group("environment");
  environment.add("kind", &environment_kind_, "the world", config::one_of(names_of(envs::registry())));
  environment_->describe(environment);
  config::Fields& agent = root.group("agent");
  agent.add("kind", &agent_kind_, "the agent", config::one_of(names_of(agents::registry())));
  agent_->describe(agent);
  trainer_.describe(root.group("trainer"));
  evaluation_.describe(root.group("evaluation"));
}

std::unique_ptr<rl::Environment> Experiment::make_environment(const envs::Resources& resources) const {
  return environment_->build(resources);
}

std::shared_ptr<const rl::Judge> Experiment::make_judge(const envs::Resources& resources) const {
  return environment_->judge(resources);
}

std::unique_ptr<rl::Agent> Experiment::make_agent(const rl::EnvironmentSpec& world) const {
  std::unique_ptr<rl::Agent> agent = agent_->build(world, seed_);
  agent->parameters().set_precision(precision());
  return agent;
}

std::vector<rl::EvaluationMode> Experiment::evaluation_modes(const rl::Agent& agent,
                                                             const rl::EvaluationEffort& effort) const {
  std::vector<rl::EvaluationMode> modes = agent.evaluation_modes(effort);
  if (trainer_.validation == "first") return modes;
  const auto chosen = std::find_if(modes.begin(), modes.end(), [](const auto& mode) { return mode.beam > 1; });
  if (chosen == modes.end()) {
    throw ConfigError(
        fmt::format("trainer.validation = \"beam\" needs evaluation.beam of 2 or more and an agent that says captions, "
                    "got {} and {}",
                    effort.beam, agent_kind_));
  }
  std::rotate(modes.begin(), chosen, chosen + 1);
  return modes;
}

void Experiment::check_support(const ProductSupport& support) const {
  const std::string reason = reason_against(precision(), support);
  if (!reason.empty()) throw ConfigError(fmt::format("precision: {}", reason));
}

std::unique_ptr<rl::Environment> make_world(const std::string& kind, const envs::Resources& resources) {
  for (const envs::Entry& entry : envs::registry()) {
    if (entry.name == kind) return entry.make()->build(resources);
  }
  throw ConfigError(fmt::format("{} is no world; there are {}", kind, fmt::join(names_of(envs::registry()), ", ")));
}

std::vector<std::string> Experiment::idle_keys() {
  config::Fields root;
  describe(root);
  std::vector<std::string> idle = root.keys();
  std::erase_if(idle,
                [&](const std::string& key) { return root.find(key) == nullptr || root.unmet_need(key) == nullptr; });
  return idle;
}

std::string Experiment::to_toml() {
  config::Fields root;
  describe(root);
  return experiments::to_toml(root);
}

std::vector<fs::path> experiment_folders() {
  std::vector<fs::path> folders;
  for (const fs::path& folder : {fs::path("experiments"), fs::path(build_info().source_folder) / "experiments"}) {
    std::error_code ignored;
    if (!fs::is_directory(folder, ignored)) continue;
    const bool known = std::any_of(folders.begin(), folders.end(),
                                   [&](const fs::path& other) { return fs::equivalent(other, folder, ignored); });
    if (!known) folders.push_back(folder);
  }
  return folders;
}

std::vector<std::string> names_of_experiment_files(std::string_view extension) {
  std::vector<std::string> names;
  for (const fs::path& folder : experiment_folders()) {
    std::error_code error;
    fs::recursive_directory_iterator entry(folder, fs::directory_options::skip_permission_denied, error);
    for (const fs::recursive_directory_iterator end; !error && entry != end; entry.increment(error)) {
      if (entry->path().extension() != extension) continue;
      names.push_back(fs::relative(entry->path(), folder).replace_extension().string());
    }
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

std::vector<std::string> config_names() { return names_of_experiment_files(".toml"); }

fs::path find_config(const std::string& name) {
  if (fs::exists(name) && !fs::is_directory(name)) return name;
  for (const fs::path& folder : experiment_folders()) {
    for (const fs::path& candidate : {folder / name, folder / (name + ".toml")}) {
      if (fs::is_regular_file(candidate)) return candidate;
    }
  }
  if (fs::exists(fs::path(name) / "config.toml")) {
    throw IoError(
        fmt::format("{}: is a run, not a configuration; to go on with it: saccade run --resume --out {}", name, name));
  }
  const std::string hint = config::suggestion(name, config_names());
  throw IoError(fmt::format("{}: there is no such configuration{}", name,
                            hint.empty() ? "; `saccade list` shows those that come along" : hint));
}

std::vector<fs::path> data_folders(const std::string& explicit_folder) {
  if (!explicit_folder.empty()) return {explicit_folder};
  std::vector<fs::path> folders;
  if (const char* variable = std::getenv("SACCADE_DATA"); variable != nullptr && *variable != '\0') {
    folders.emplace_back(variable);
  }
  folders.emplace_back("data");
  if (const char* home = std::getenv("HOME"); home != nullptr)
    folders.push_back(fs::path(home) / ".local/share/saccade");
  return folders;
}

}  // namespace saccade::experiments
