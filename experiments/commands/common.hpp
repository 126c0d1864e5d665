#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "experiments/run.hpp"

namespace saccade::commands {

inline constexpr const char* data_option_help =
    "folder that holds mnist/ or flickr8k/ (default: $SACCADE_DATA, ./data, ~/.local/share/saccade)";

/// What several commands share.
struct CommonOptions {
  std::size_t threads = 0;
  std::string data;

  void add(CLI::App& command);
  [[nodiscard]] experiments::RunOptions resolve(const std::string& command_line) const;
};

/// Seeds are below 2^48.
inline constexpr std::int64_t largest_seed = (std::int64_t{1} << 48) - 1;

/// Folders of runs that a user names, after some that need not be there. @throws IoError  for one that is not there
[[nodiscard]] std::vector<std::filesystem::path> run_folders(std::vector<std::filesystem::path> known,
                                                             const std::vector<std::string>& named);

/// A word on a run whose training has not come to its end; nothing on others.
void note_if_unfinished(const experiments::RunDirectory& run);

/// Trains with a progress line; a signal ends it with a word on how to go on.
/// @throws Interrupted
void train(experiments::Experiment& experiment, experiments::RunDirectory& run, const experiments::RunOptions& options);

}  // namespace saccade::commands
