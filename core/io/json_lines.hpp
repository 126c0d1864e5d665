#pragma once

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "core/io/file.hpp"

namespace saccade::io {

/// A log of metrics: one JSON object a line, only ever appended to. Each line goes to the operating system in one piece
/// before `write` returns, so that a killed process loses no line, and a line that could not be written whole (the disk
/// is full) is taken back before the IoError is thrown.
///
/// A log and a checkpoint stay in step like this: call `sync`, store `size` in the checkpoint, and pass it to `resume`
/// later. Lines written after that checkpoint are cut, and the run writes them again.
class JsonLines {
 public:
  using Metric = std::pair<std::string_view, double>;

  /// Opens the log to append to it; a missing file is created. A file whose last line was cut short is refused.
  explicit JsonLines(const std::filesystem::path& path);

  /// Opens an existing log and cuts it after its first `truncate_to` bytes. A file that is shorter than that, or has no
  /// end of a line there, does not belong to the checkpoint and is an IoError.
  static JsonLines resume(const std::filesystem::path& path, std::uintmax_t truncate_to);

  /// Appends {"name": value, ...} in the given order. Numbers are the shortest that read back to the same value, whole
  /// numbers have no decimal point, and what JSON cannot say (NaN, infinities) is null.
  void write(std::span<const Metric> metrics);
  void write(std::initializer_list<Metric> metrics) { write(std::span(metrics.begin(), metrics.size())); }

  /// Waits until the disk holds all lines.
  void sync() { file_.sync(); }

  /// The length of the file in bytes.
  std::uintmax_t size() const { return size_; }

 private:
  JsonLines(const std::filesystem::path& path, std::uintmax_t size);
  void append(std::string_view line);

  OutputFile file_;
  std::uintmax_t size_;
};

}  // namespace saccade::io
