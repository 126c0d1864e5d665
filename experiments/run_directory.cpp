#include "experiments/run_directory.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <sstream>
#include <system_error>
#include <utility>

#include "core/errors.hpp"
#include "core/io/file.hpp"
#include "experiments/config.hpp"
#include "experiments/experiment.hpp"

namespace saccade::experiments {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_numbers = 1000;

fs::path numbered(const fs::path& parent, const std::string& name, std::size_t n) {
  return parent / (n == 1 ? name : fmt::format("{}-{}", name, n));
}

/// The path without a slash at its end.
fs::path without_slash(const fs::path& path) { return path.has_filename() ? path : path.parent_path(); }

bool is_empty_folder(const fs::path& path) {
  std::error_code error;
  return fs::is_directory(path, error) && fs::is_empty(path, error) && !error;
}

/// Makes one folder below existing ones. @return false if something of that name exists
bool make_folder(const fs::path& path) {
  std::error_code error;
  if (path.has_parent_path()) fs::create_directories(path.parent_path(), error);
  const bool made = !error && fs::create_directory(path, error);
  if (error) throw IoError(fmt::format("{}: cannot make the run's folder: {}", path.string(), error.message()));
  return made;
}

/// Where a run's configuration differs, in words; empty if nowhere. One that cannot be read differs.
std::string difference(const RunDirectory& run, const std::string& configuration) {
  try {
    return first_difference(run.configuration(), configuration);
  } catch (const ConfigError& error) {
    return error.what();
  }
}

/// The first line of a text that another has not; empty if it has all.
std::string first_line_not_in(const std::string& text, const std::string& other) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (other.find(line + "\n") == std::string::npos) return line;
  }
  return {};
}

}  // namespace

RunDirectory RunDirectory::create(const fs::path& path) {
  const fs::path folder = without_slash(path);
  const bool made = make_folder(folder);
  if (!made && !is_empty_folder(folder)) {
    throw IoError(fmt::format("{}: exists already; name another folder, or go on with --resume", folder.string()));
  }
  return RunDirectory(folder, made);
}

RunDirectory RunDirectory::open(const fs::path& path) {
  RunDirectory run(without_slash(path));
  if (!fs::exists(run.config())) {
    throw IoError(fmt::format("{}: is not the folder of a run: it has no config.toml", path.string()));
  }
  return run;
}

RunDirectory RunDirectory::create_unused(const fs::path& parent, const std::string& name) {
  std::size_t next = 1;
  for (std::size_t n = 1; n <= most_numbers; ++n) {
    if (fs::exists(numbered(parent, name, n))) next = n + 1;
  }
  for (;; ++next) {
    const fs::path path = numbered(parent, name, next);
    if (make_folder(path)) return RunDirectory(path, true);
  }
}

RunDirectory RunDirectory::open_last(const fs::path& parent, const std::string& name,
                                     const std::string& configuration) {
  fs::path last;
  fs::path equal;
  for (std::size_t n = 1; n <= most_numbers; ++n) {
    const RunDirectory run(numbered(parent, name, n));
    if (!fs::exists(run.config())) continue;
    last = run.path();
    if (difference(run, configuration).empty()) equal = run.path();
  }
  if (!equal.empty()) return open(equal);
  if (last.empty()) throw IoError(fmt::format("{}: there is no run to resume", (parent / name).string()));
  throw IoError(fmt::format("{}: no run of this name has this configuration; in the last one, {}: {}",
                            (parent / name).string(), last.string(), difference(open(last), configuration)));
}

std::string RunDirectory::configuration() const {
  try {
    return Experiment(ConfigTree::load(config())).to_toml();
  } catch (const ConfigError&) {
    return io::read_file(config());  // of another version, whose keys are not all ours
  }
}

RunDirectory::RunDirectory(RunDirectory&& other) noexcept
    : path_{std::move(other.path_)}, made_{std::exchange(other.made_, false)}, lock_{std::move(other.lock_)} {}

RunDirectory::~RunDirectory() {
  std::error_code ignored;
  if (made_) fs::remove(path_, ignored);  // fails if it holds something
}

fs::path RunDirectory::existing_checkpoint() const {
  if (!fs::exists(checkpoint())) {
    throw IoError(fs::exists(evaluation())
                      ? fmt::format("{}: the checkpoint of this run is gone", path_.string())
                      : fmt::format("{}: has no checkpoint yet: its first epoch is not finished", path_.string()));
  }
  return checkpoint();
}

void RunDirectory::lock() { lock_.emplace(path_, "training in this folder"); }

void RunDirectory::save_world(const rl::Environment& world) const {
  const std::string actions_text = world.action_table();
  const std::string data_text = world.data_digests();
  if (!actions_text.empty()) io::write_atomically(actions(), actions_text);
  if (!data_text.empty()) io::write_atomically(data(), data_text);
}

void RunDirectory::check_actions(const rl::Environment& world) const {
  if (!fs::exists(actions()) || io::read_file(actions()) == world.action_table()) return;
  throw IoError(fmt::format(
      "{}: the run was trained with other answers than the world's: its data was changed, or the world does not fit",
      actions().string()));
}

void RunDirectory::check_data(const rl::Environment& world) const {
  if (!fs::exists(data())) return;
  const std::string line = first_line_not_in(io::read_file(data()), world.data_digests());
  if (line.empty()) return;
  throw IoError(fmt::format("{}: the run was trained on other data than the world's: on {}", data().string(), line));
}

std::string name_of_run(const fs::path& folder) {
  const fs::path path = folder.lexically_normal();
  return (path.has_filename() ? path : path.parent_path()).filename().string();
}

}  // namespace saccade::experiments
