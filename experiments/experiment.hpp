#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agents/registry.hpp"
#include "core/optim/optimiser.hpp"
#include "core/optim/schedule.hpp"
#include "envs/registry.hpp"
#include "experiments/config.hpp"

namespace saccade::experiments {

/// Settings of the training loop.
struct TrainerConfig {
  std::size_t epochs = 20;
  std::size_t batch = 128;           // episodes a step, before roll-outs
  std::size_t shard = 64;            // episodes a shard, roll-outs included
  std::size_t patience = 0;          // epochs without a better validation result before stopping; 0: never
  std::string validation = "first";  // first | beam
  double clip_norm = 0;              // of the global gradient norm; 0: no clipping
  optim::OptimiserConfig optimiser;
  optim::ScheduleConfig schedule;

  void describe(config::Fields& fields);
};

/// Settings of evaluation.
struct EvaluationConfig {
  rl::EvaluationEffort effort;
  std::size_t chunk = 100;  // episodes taken together; changes results by rounding at most

  void describe(config::Fields& fields);
};

/// One experiment: a world, an agent, and how the one is trained in the other. Read from a configuration; every key
/// that is not known is an error.
class Experiment {
 public:
  /// @param seed  overrides the key `seed`
  /// @throws ConfigError, IoError
  explicit Experiment(const ConfigTree& tree, std::optional<std::uint64_t> seed = std::nullopt);

  [[nodiscard]] std::uint64_t seed() const { return seed_; }
  [[nodiscard]] const std::string& why() const { return why_; }
  [[nodiscard]] const std::string& agent_kind() const { return agent_kind_; }
  [[nodiscard]] Precision precision() const { return precision_of(precision_); }
  [[nodiscard]] const TrainerConfig& trainer() const { return trainer_; }
  [[nodiscard]] const EvaluationConfig& evaluation() const { return evaluation_; }

  [[nodiscard]] std::unique_ptr<rl::Environment> make_environment(const envs::Resources& resources) const;
  /// The judge of the world's episodes, for which captions need no annotations; null where there is none.
  [[nodiscard]] std::shared_ptr<const rl::Judge> make_judge(const envs::Resources& resources) const;
  /// The agent, whose products have the experiment's precision.
  [[nodiscard]] std::unique_ptr<rl::Agent> make_agent(const rl::EnvironmentSpec& world) const;

  /// The keys of settings that do nothing as the others are; see config::Field::only_with.
  [[nodiscard]] std::vector<std::string> idle_keys();

  /// The ways to test the agent, the one whose result on validation chooses its parameters first.
  /// @throws ConfigError  if it is to be a beam's and none of them searches
  [[nodiscard]] std::vector<rl::EvaluationMode> evaluation_modes(const rl::Agent& agent,
                                                                 const rl::EvaluationEffort& effort) const;

  /// @throws ConfigError  if it cannot be run for lack of products of its precision; it can be read and printed
  void check_support(const ProductSupport& support) const;

  /// The resolved configuration, which read back gives the same experiment.
  [[nodiscard]] std::string to_toml();

 private:
  void describe(config::Fields& root);

  std::string why_;
  std::size_t seed_ = 0;
  std::string precision_ = "float32";
  std::string environment_kind_;
  std::string agent_kind_;
  std::unique_ptr<envs::Builder> environment_;
  std::unique_ptr<agents::Builder> agent_;
  TrainerConfig trainer_;
  EvaluationConfig evaluation_;
};

/// A world with its default settings. @throws ConfigError for an unknown kind, naming the known ones
[[nodiscard]] std::unique_ptr<rl::Environment> make_world(const std::string& kind, const envs::Resources& resources);

/// The configuration that a user names: a file, or the name of one below a folder of experiments, with or without
/// ".toml".
/// @throws IoError  naming what was looked for
[[nodiscard]] std::filesystem::path find_config(const std::string& name);

/// The names, without extension, of all files with it below the folders of experiments, sorted.
[[nodiscard]] std::vector<std::string> names_of_experiment_files(std::string_view extension);

/// The names of all configurations below the folders of experiments, sorted.
[[nodiscard]] std::vector<std::string> config_names();

/// The folders of experiments: ./experiments, and the one of the source tree that the command was built from.
[[nodiscard]] std::vector<std::filesystem::path> experiment_folders();

/// Where data is looked for: `explicit_folder` alone if it is given; else $SACCADE_DATA, ./data,
/// ~/.local/share/saccade.
[[nodiscard]] std::vector<std::filesystem::path> data_folders(const std::string& explicit_folder);

}  // namespace saccade::experiments
