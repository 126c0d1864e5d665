#include "core/io/json_lines.hpp"

#include <fmt/format.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <system_error>

#include "core/errors.hpp"

namespace saccade::io {
namespace {

namespace fs = std::filesystem;

std::uintmax_t size_of(const fs::path& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (!fs::is_regular_file(status)) return 0;
  const std::uintmax_t bytes = fs::file_size(path, error);
  if (error) throw IoError(fmt::format("{}: cannot read its size: {}", path.string(), error.message()));
  return bytes;
}

bool line_ends_at(const fs::path& path, std::uintmax_t bytes) {
  if (bytes == 0) return true;
  std::ifstream file(path, std::ios::binary);
  file.seekg(static_cast<std::streamoff>(bytes) - 1);
  return file.get() == '\n';
}

std::uintmax_t whole_lines(const fs::path& path) {
  const std::uintmax_t bytes = size_of(path);
  if (!line_ends_at(path, bytes)) {
    throw IoError(
        fmt::format("{}: the last line was cut short: there is no end of line before byte {}", path.string(), bytes));
  }
  return bytes;
}

void check_resume(const fs::path& path, std::uintmax_t bytes) {
  std::error_code ignored;
  if (!fs::exists(path, ignored)) {
    throw IoError(fmt::format("{}: the log to resume does not exist", path.string()));
  }
  const std::uintmax_t held = size_of(path);
  if (held < bytes) {
    throw IoError(fmt::format("{}: the log to resume has {} bytes, fewer than the {} it had at the checkpoint",
                              path.string(), held, bytes));
  }
  if (!line_ends_at(path, bytes)) {
    throw IoError(fmt::format("{}: the log to resume has no end of line before byte {}, where the checkpoint left it",
                              path.string(), bytes));
  }
}

std::string number(double value) { return std::isfinite(value) ? fmt::format("{}", value) : "null"; }

std::string quoted(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

JsonLines::JsonLines(const fs::path& path, std::uintmax_t size) : file_(OutputFile::append(path)), size_(size) {}

JsonLines::JsonLines(const fs::path& path) : JsonLines(path, whole_lines(path)) {}

JsonLines JsonLines::resume(const fs::path& path, std::uintmax_t truncate_to) {
  check_resume(path, truncate_to);
  JsonLines log(path, truncate_to);
  log.file_.truncate(truncate_to);
  return log;
}

void JsonLines::write(std::span<const Metric> metrics) {
  std::string line = "{";
  for (const auto& [name, value] : metrics) {
    if (line.size() > 1) line += ", ";
    line += quoted(name) + ": " + number(value);
  }
  line += "}\n";
  append(line);
}

void JsonLines::append(std::string_view line) {
  try {
    file_.write(line);
  } catch (const IoError&) {
    try {
      file_.truncate(size_);
    } catch (const IoError&) {  // the first failure is the one to tell of
    }
    throw;
  }
  size_ += line.size();
}

}  // namespace saccade::io
