#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

namespace saccade::io {

/// The bytes of a file, read by the operating system as they are looked at: for files that need not fit into memory.
/// Any number of threads and processes may read at once and share what is in memory. The file must not become shorter
/// meanwhile: looking at bytes that have gone ends the process.
class MappedFile {
 public:
  /// @throws IoError  naming a file that is missing, unreadable, or no regular file
  explicit MappedFile(const std::filesystem::path& path);
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  ~MappedFile();

  /// Lives as long as this object and survives its being moved.
  [[nodiscard]] std::span<const std::byte> bytes() const { return bytes_; }

 private:
  std::span<std::byte> bytes_;
};

}  // namespace saccade::io
