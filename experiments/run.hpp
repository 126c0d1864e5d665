#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "experiments/evaluate.hpp"
#include "experiments/run_directory.hpp"
#include "experiments/trainer.hpp"

namespace saccade::experiments {

/// Where a run is.
struct Progress {
  std::size_t epoch = 0;  ///< finished epochs
  std::size_t epochs = 0;
  double fraction = 0;  ///< of all steps
  double images_per_second = 0;
  double seconds_left = 0;
  double train_error = 0;                         ///< of the current epoch so far
  std::optional<Trainer::Validation> validation;  ///< set when an epoch has just ended
};

/// What a run tells while it goes on. The library itself never prints.
struct RunCallbacks {
  std::function<void(const std::vector<std::string>&)> on_start = {};
  std::function<void(const Progress&)> on_progress = {};  ///< several times a second, and after each epoch
  std::function<bool()> stop = {};                        ///< asked after each step: whether to throw Interrupted
};

struct RunOptions {
  std::string command;  ///< for the record
  std::size_t threads = 0;
  std::vector<std::filesystem::path> data_folders;
  std::string world = {};        ///< eval and show: another world than the run's; empty: the run's
  bool validation_only = false;  ///< leave the test split alone, now and when the run is resumed: a search must
  std::filesystem::path photographs = {};  ///< show: their folder, instead of the world's own; empty: its own
};

/// The result of one split in one mode.
struct ModeResult {
  std::string split;
  std::string mode;
  std::size_t samples = 1;
  EvaluationResult result;
};

/// Trains an experiment in its folder, going on from a checkpoint if there is one, and evaluates the parameters with
/// the best validation result, on validation and, once and unless the options say no, on test. After each epoch a
/// checkpoint replaces the last one; a process that dies loses at most an epoch.
/// @throws Interrupted  when the callback `stop` says so; the run can go on later
std::vector<ModeResult> run_experiment(Experiment& experiment, RunDirectory& run, const RunOptions& options,
                                       const RunCallbacks& callbacks);

/// What an evaluation may have otherwise than its run's configuration says: see EvaluationEffort.
struct OtherEffort {
  std::optional<std::size_t> samples = {};
  std::optional<std::size_t> beam = {};
  std::optional<double> length_power = {};
};

/// Evaluates a run's chosen parameters in the modes of its agent, that which chose them first unless there is to be no
/// beam.
std::vector<ModeResult> evaluate_run(const RunDirectory& run, const RunOptions& options,
                                     const std::vector<rl::Split>& splits, const OtherEffort& other = {});

/// What a picture of a run is to show.
struct Shown {
  rl::Split split = rl::Split::test;
  std::size_t first = 0;  ///< episode
  std::optional<std::size_t> count = {};
  std::optional<rl::Decision> decision = {};  ///< if not given, of the agent's first way of testing
  std::size_t beam = 1;                       ///< hypotheses of a caption; 1: greedy
};

/// A picture of what a run's agent looks at: PNG file contents. Of 10 episodes, or as many as there are, if no number
/// is given.
/// @throws ConfigError  for episodes that are not there, an agent that looks nowhere, a beam for one that says no
///                      captions
std::string show_run(const RunDirectory& run, const RunOptions& options, const Shown& shown);

/// Where the agent looks over many episodes, a heat map for each glimpse: PNG file contents.
/// Of 1,000 episodes, or as many as there are, if no number is given.
/// @throws ConfigError  as show_run, and for any beam
std::string show_places(const RunDirectory& run, const RunOptions& options, const Shown& shown);

}  // namespace saccade::experiments
