#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "envs/data_sets.hpp"
#include "experiments/data/download.hpp"

namespace saccade::experiments {

struct FetchOptions {
  std::vector<std::string> mirrors = {};  ///< instead of those of the set
  int tries = 5;                          ///< of one mirror, as long as each brings the file further
  long connect_seconds = 30;
  long stall_seconds = 30;
};

/// What fetching tells while it goes on.
struct FetchCallbacks {
  std::function<void(const envs::DataFile&, std::uintmax_t bytes)> on_progress = {};  ///< several times a second
  std::function<void(const envs::DataFile&, bool fetched)> on_file = {};  ///< it is right now, or was so before
  std::function<void(const std::string& reason)> on_failure = {};         ///< a mirror has failed, and how
  std::function<bool()> stop = {};                                        ///< whether to throw Interrupted
};

/// The data folder that a set is fetched into unless the user names one: that in which a part of it lies and is looked
/// for first, else $SACCADE_DATA, else ~/.local/share/saccade. The set's name is not appended.
/// @throws IoError  if the environment has neither SACCADE_DATA nor HOME
[[nodiscard]] std::filesystem::path folder_to_fetch_into(const envs::DataSet& set);

/// The mirror that a user names, ending in '/'. @throws ConfigError  if it is neither http nor https
[[nodiscard]] std::string mirror_named(const std::string& url);

/// Downloads into a folder, which is made if need be, the files of a set that are not there or wrong. Bytes come into
/// NAME.part, which is gone on with if it is there; when its size and SHA-256 are right it becomes NAME, at once. So a
/// file of that name is whole and right however the process ends. A mirror that fails is followed by the next one.
/// Expanded files that are right count as there.
///
/// @throws IoError      if a file came right from no mirror, with the reasons, or there is none to try; if an expanded
///                      file is wrong, which would be read instead of one that is fetched; if another process fetches
///                      into the folder; if the disk is full
/// @throws Interrupted  when the callback `stop` says so; the same call goes on later
void fetch(const envs::DataSet& set, const std::filesystem::path& folder, const FetchOptions& options,
           const FetchCallbacks& callbacks);

}  // namespace saccade::experiments
