#include "experiments/run_directory.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <utility>

#include "core/errors.hpp"

namespace saccade::experiments {
namespace {

namespace fs = std::filesystem;

fs::path numbered(const fs::path& parent, const std::string& name, std::size_t n) {
  return parent / (n == 1 ? name : fmt::format("{}-{}", name, n));
}

/// Makes one folder below existing ones. @return false if something of that name exists
bool make_folder(const fs::path& path) {
  std::error_code error;
  if (path.has_parent_path()) fs::create_directories(path.parent_path(), error);
  const bool made = !error && fs::create_directory(path, error);
  if (error) throw IoError(fmt::format("{}: cannot make the run's folder: {}", path.string(), error.message()));
  return made;
}

}  // namespace

RunDirectory RunDirectory::create(const fs::path& path) {
  if (!make_folder(path)) {
    throw IoError(fmt::format("{}: exists already; name another folder, or go on with --resume", path.string()));
  }
  return RunDirectory(path);
}

RunDirectory RunDirectory::open(const fs::path& path) {
  RunDirectory run(path);
  if (!fs::exists(run.config())) {
    throw IoError(fmt::format("{}: is not the folder of a run: it has no config.toml", path.string()));
  }
  return run;
}

RunDirectory RunDirectory::create_unused(const fs::path& parent, const std::string& name) {
  for (std::size_t n = 1;; ++n) {
    const fs::path path = numbered(parent, name, n);
    if (make_folder(path)) return RunDirectory(path);
  }
}

RunDirectory RunDirectory::open_last(const fs::path& parent, const std::string& name) {
  std::size_t n = 0;
  while (fs::exists(numbered(parent, name, n + 1))) ++n;
  if (n == 0) throw IoError(fmt::format("{}: there is no run to resume", (parent / name).string()));
  return open(numbered(parent, name, n));
}

RunDirectory::RunDirectory(RunDirectory&& other) noexcept
    : path_{std::move(other.path_)}, lock_{std::exchange(other.lock_, -1)} {}

RunDirectory::~RunDirectory() {
  if (lock_ >= 0) ::close(lock_);
}

void RunDirectory::lock() {
  lock_ = ::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (lock_ < 0 || ::flock(lock_, LOCK_EX | LOCK_NB) != 0) {
    throw IoError(fmt::format("{}: another process is training in this folder", path_.string()));
  }
}

}  // namespace saccade::experiments
