#include "core/io/folder_lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "core/errors.hpp"

namespace saccade::io {

FolderLock::FolderLock(const std::filesystem::path& folder, std::string_view activity)
    : descriptor_{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)} {
  if (descriptor_ >= 0 && ::flock(descriptor_, LOCK_EX | LOCK_NB) == 0) return;
  const int reason = errno;
  if (descriptor_ >= 0) ::close(descriptor_);
  throw IoError(reason == EWOULDBLOCK ? fmt::format("{}: another process is {}", folder.string(), activity)
                                      : fmt::format("{}: cannot be locked: {}", folder.string(),
                                                    std::generic_category().message(reason)));
}

FolderLock::FolderLock(FolderLock&& other) noexcept : descriptor_{std::exchange(other.descriptor_, -1)} {}

FolderLock::~FolderLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace saccade::io
