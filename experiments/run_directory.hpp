#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/io/folder_lock.hpp"
#include "core/rl/environment.hpp"
#include "experiments/experiment.hpp"

namespace saccade::experiments {

/// The folder of one run:
///
///   config.toml              the resolved configuration
///   run.json                 seed and times; for each session: command, commit, compiler, libraries, CPU, threads
///   metrics.jsonl            one line an epoch, without times, so that two equal runs have equal bytes
///   checkpoint.safetensors   see checkpoint.hpp
///   actions.txt              what actions are called, where their numbers mean nothing by themselves: a vocabulary
///   data.txt                 digests of the data that the world was made of, where it read any
///   predictions.jsonl        written at the end: what each episode of validation and test came to, see predictions.hpp
///   evaluation.json          written at the end: errors of the chosen parameters, by split and mode
class RunDirectory {
 public:
  /// Makes a folder, or takes an empty one. @throws IoError if it holds something or cannot be made
  static RunDirectory create(const std::filesystem::path& path);
  /// An existing run. @throws IoError if it is none
  static RunDirectory open(const std::filesystem::path& path);
  /// Makes parent/name, or parent/name-N with a number higher than all that are taken.
  static RunDirectory create_unused(const std::filesystem::path& parent, const std::string& name);
  /// The last run of parent/name, parent/name-2, ... with this configuration. @throws IoError if there is none
  static RunDirectory open_last(const std::filesystem::path& parent, const std::string& name,
                                const std::string& configuration);

  RunDirectory(RunDirectory&& other) noexcept;
  RunDirectory& operator=(RunDirectory&&) = delete;
  /// A folder that was made and in which nothing was written goes again.
  ~RunDirectory();

  /// Keeps other processes from training in the same folder, until the object goes. @throws IoError if one does
  void lock();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::filesystem::path config() const { return path_ / "config.toml"; }
  /// The configuration of the run, with the defaults of keys that Saccade has had only since it began.
  [[nodiscard]] std::string configuration() const;
  [[nodiscard]] std::filesystem::path record() const { return path_ / "run.json"; }
  [[nodiscard]] std::filesystem::path metrics() const { return path_ / "metrics.jsonl"; }
  [[nodiscard]] std::filesystem::path checkpoint() const { return path_ / "checkpoint.safetensors"; }
  /// The checkpoint of a run that has one. @throws IoError before the first epoch is finished, or if it was removed
  [[nodiscard]] std::filesystem::path existing_checkpoint() const;
  [[nodiscard]] std::filesystem::path actions() const { return path_ / "actions.txt"; }
  [[nodiscard]] std::filesystem::path data() const { return path_ / "data.txt"; }
  /// Keeps what ties a run to its world: the names of the actions, the digests of the data.
  void save_world(const rl::Environment& world) const;
  /// @throws IoError  if the run was trained with actions of other names
  void check_actions(const rl::Environment& world) const;
  /// @throws IoError  naming what differs, if the run was trained on other data. A run of an earlier version, which
  ///                  does not know, fits any.
  void check_data(const rl::Environment& world) const;
  [[nodiscard]] std::filesystem::path predictions() const { return path_ / "predictions.jsonl"; }
  [[nodiscard]] std::filesystem::path evaluation() const { return path_ / "evaluation.json"; }

 private:
  explicit RunDirectory(std::filesystem::path path, bool made = false) : path_{std::move(path)}, made_{made} {}

  std::filesystem::path path_;
  bool made_;
  std::optional<io::FolderLock> lock_;
};

/// The last part of a run's folder, with or without a slash at its end.
[[nodiscard]] std::string name_of_run(const std::filesystem::path& folder);

}  // namespace saccade::experiments
