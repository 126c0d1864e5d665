#pragma once

#include <filesystem>
#include <string_view>

namespace saccade::io {

/// Keeps other processes out of a folder that must exist, as long as it lives; they keep out by locking it too. The
/// lock ends with the process, however that ends, and leaves nothing in the folder.
class FolderLock {
 public:
  /// @param activity  what only one process may be doing: "training in this folder"
  /// @throws IoError  "FOLDER: another process is ACTIVITY", or why it cannot be locked
  FolderLock(const std::filesystem::path& folder, std::string_view activity);
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;
  FolderLock(FolderLock&& other) noexcept;
  FolderLock& operator=(FolderLock&&) = delete;
  ~FolderLock();

 private:
  int descriptor_;
};

}  // namespace saccade::io
