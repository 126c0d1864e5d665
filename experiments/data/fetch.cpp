#include "experiments/data/fetch.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>
#include <system_error>

#include "core/io/file.hpp"
#include "core/io/folder_lock.hpp"
#include "core/io/sha256.hpp"
#include "experiments/data/verify.hpp"
#include "experiments/experiment.hpp"

namespace saccade::experiments {
namespace {

namespace fs = std::filesystem;
using envs::DataFile;
using envs::DataSet;

std::uintmax_t size_or_0(const fs::path& path) {
  std::error_code missing;
  const std::uintmax_t size = fs::file_size(path, missing);
  return missing ? 0 : size;
}

/// @throws IoError  if an expanded file is wrong
bool is_right(const fs::path& folder, const DataFile& file) {
  bool right = true;
  for (const FileCheck& check : verify_file(folder, file)) {
    if (check.state == FileState::wrong && check.expanded) {
      throw IoError(fmt::format("{}: {}; it would be read instead of the one to fetch, so move it away first",
                                check.path.string(), check.fault));
    }
    right = right && check.state == FileState::right;
  }
  return right;
}

/// Fetches one file.
class Fetch {
 public:
  Fetch(const DataFile& file, const fs::path& folder, const FetchOptions& options, const FetchCallbacks& callbacks)
      : file_{file},
        target_{folder / file.name},
        part_{folder / (file.name + ".part")},
        tries_{options.tries},
        callbacks_{callbacks} {
    download_.connect_seconds = options.connect_seconds;
    download_.stall_seconds = options.stall_seconds;
    download_.stop = callbacks.stop;
    download_.on_progress = [this](std::uintmax_t bytes) {
      if (callbacks_.on_progress) callbacks_.on_progress(file_, bytes);
    };
  }
  Fetch(const Fetch&) = delete;
  Fetch& operator=(const Fetch&) = delete;

  void run(const std::vector<std::string>& mirrors) {
    std::vector<std::string> reasons;
    for (const std::string& mirror : mirrors) {
      const std::string reason = try_mirror(mirror + file_.name);
      if (reason.empty()) return;
      if (callbacks_.on_failure) callbacks_.on_failure(reason);
      reasons.push_back(reason);
    }
    throw IoError(fmt::format("{}: cannot be fetched: {}; a copy from elsewhere can be put there by hand",
                              target_.string(), fmt::join(reasons, "; ")));
  }

 private:
  /// Why it failed; empty if it did not. Bytes that turn out wrong are tried once more if they were here before: they
  /// may be of other origin.
  std::string try_mirror(const std::string& url) {
    std::string reason;
    for (int i = 0; i < tries_; ++i) {
      const std::uintmax_t before = size_or_0(part_);
      reason = transfer(url);
      if (reason.empty()) {
        reason = publish(url);
        if (reason.empty() || before == 0) return reason;
      } else if (size_or_0(part_) <= before) {
        return reason;
      }
    }
    return reason;
  }

  std::string transfer(const std::string& url) {
    try {
      download(url, part_, file_.published.size, download_);
      return {};
    } catch (const DownloadError& error) {
      return error.what();
    }
  }

  std::string publish(const std::string& url) {
    const std::string sha256 = io::sha256_of_file(part_);
    if (sha256 == file_.published.sha256) {
      io::replace(target_, part_);
      return {};
    }
    fs::remove(part_);
    return fmt::format("{}: expected SHA-256 {}, got {}", url, file_.published.sha256, sha256);
  }

  const DataFile& file_;
  fs::path target_;
  fs::path part_;
  int tries_;
  const FetchCallbacks& callbacks_;
  DownloadOptions download_;
};

}  // namespace

fs::path folder_to_fetch_into(const DataSet& set) {
  const std::vector<fs::path> folders = data_folders("");
  if (const auto found = envs::find_folder(set, folders)) return found->parent_path();
  const char* chosen = std::getenv("SACCADE_DATA");
  if (chosen != nullptr && *chosen != '\0') return folders.front();
  if (std::getenv("HOME") == nullptr) throw IoError("there is neither SACCADE_DATA nor HOME; name a folder with --to");
  return folders.back();
}

std::string mirror_named(const std::string& url) {
  if (!url.starts_with("http://") && !url.starts_with("https://")) {
    throw ConfigError(fmt::format("--mirror must begin with http:// or https://, got {}", url));
  }
  return url.ends_with('/') ? url : url + '/';
}

void fetch(const DataSet& set, const fs::path& folder, const FetchOptions& options, const FetchCallbacks& callbacks) {
  const std::vector<std::string>& mirrors = options.mirrors.empty() ? set.mirrors : options.mirrors;
  const auto check_offered = [&](bool there) {
    if (there || !mirrors.empty()) return;
    throw IoError(fmt::format("{}: no server is known to offer it; {}", set.name, set.terms));
  };
  check_offered(fs::exists(folder));
  io::make_folder(folder);
  const io::FolderLock lock(folder, "fetching into this folder");
  for (const DataFile& file : set.files) {
    const bool there = is_right(folder, file);
    check_offered(there);
    if (!there) Fetch(file, folder, options, callbacks).run(mirrors);
    if (callbacks.on_file) callbacks.on_file(file, !there);
  }
}

}  // namespace saccade::experiments
