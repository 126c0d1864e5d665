#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Whole files in, whole files out. Everything that the framework reads or writes passes through here, so that a
/// missing data set, a broken download and a full disk are each told in one sentence that begins with the path.
namespace saccade::io {

/// The bytes of a file as they are on disk. An IoError tells of a file that is missing, unreadable, or a directory.
std::string read_file(const std::filesystem::path& path);

/// The same as bytes; the storage is aligned for every arithmetic type.
std::vector<std::byte> read_bytes(const std::filesystem::path& path);

/// Passes the bytes of a file on in pieces, front to back, for files that need not fit into memory. The same IoErrors.
void read_in_pieces(const std::filesystem::path& path, const std::function<void(std::span<const std::byte>)>& take);

/// The contents of a file that may be compressed with gzip, which its first two bytes (1f 8b) tell and its name does
/// not. Several gzip members in a row are joined, as gzip does. Truncated data, a wrong CRC or length, and bytes after
/// the last member are each an IoError with the offset in the compressed file.
std::string read_file_or_gzip(const std::filesystem::path& path);

/// A file that is written front to back, without a buffer of its own: what `write` has returned from is in the hands of
/// the operating system. Every failure is an IoError with the path and the reason.
class OutputFile {
 public:
  /// Creates a file that must not exist yet. Messages call it `shown`, the name that the user knows.
  static OutputFile create(const std::filesystem::path& path, const std::filesystem::path& shown);

  /// Opens a file to write at its end, and creates it if it is missing.
  static OutputFile append(const std::filesystem::path& path);

  OutputFile(OutputFile&& other) noexcept;
  OutputFile& operator=(OutputFile&& other) noexcept;
  ~OutputFile();

  void write(std::span<const std::byte> bytes);
  void write(std::string_view text);

  /// Waits until the disk holds what was written.
  void sync();

  /// Cuts the file after its first `bytes` bytes.
  void truncate(std::uintmax_t bytes);

  /// Closes the file and reports what only closing brings to light; the destructor closes silently.
  void close();

 private:
  OutputFile(int descriptor, std::filesystem::path shown);
  void check(bool succeeded, std::string_view action) const;

  int descriptor_;
  std::filesystem::path shown_;
};

/// A file that appears under its name complete or not at all. The bytes go into a temporary file in the same folder;
/// `commit` brings them to the disk and renames it over the target. Without a commit, and after any failure, the
/// temporary file is removed and an existing target is as it was. A target that is a symbolic link stays one: the file
/// it points to is replaced. A target that is a directory or a device is refused.
class AtomicFile {
 public:
  explicit AtomicFile(const std::filesystem::path& path);
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  ~AtomicFile();

  void write(std::span<const std::byte> bytes) { file_.write(bytes); }
  void write(std::string_view text) { file_.write(text); }
  void commit();

 private:
  std::filesystem::path target_;
  std::filesystem::path temporary_;
  OutputFile file_;
  bool committed_ = false;
};

/// Renames a file over another one in the same folder, and waits until the disk knows.
void replace(const std::filesystem::path& target, const std::filesystem::path& by);

/// Removes the temporary files that killed processes left in a folder; those of processes that live stay. Failures are
/// passed over: a file that is left costs only space.
void remove_stale_temporaries(const std::filesystem::path& folder) noexcept;

/// Makes a folder and those above it that are missing. @throws IoError
void make_folder(const std::filesystem::path& folder);

/// Writes a whole file through AtomicFile.
void write_atomically(const std::filesystem::path& path, std::string_view contents);

}  // namespace saccade::io
