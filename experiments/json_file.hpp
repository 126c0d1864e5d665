#pragma once

#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string_view>

#include "core/errors.hpp"
#include "core/io/file.hpp"
#include "core/rl/report.hpp"

namespace saccade::experiments {

/// What it says, without "[json.exception.parse_error.101] " at the beginning.
inline std::string_view reason_of(const nlohmann::json::exception& error) {
  const std::string_view what = error.what();
  const std::size_t begin = what.find("] ");
  return begin == std::string_view::npos ? what : what.substr(begin + 2);
}

/// Lets `read` take what it wants of a JSON file, whose keys keep their order. @throws IoError  with the path, for what
/// it finds missing or of another type
template <typename Read>
void read_json(const std::filesystem::path& path, const Read& read) {
  try {
    read(nlohmann::ordered_json::parse(io::read_file(path)));
  } catch (const nlohmann::json::exception& error) {
    throw IoError(fmt::format("{}: is not what a run leaves: {}", path.string(), reason_of(error)));
  }
}

/// The numbers below a key, in their order; none where there is no such key.
inline rl::Report read_report(const nlohmann::ordered_json& entry, const char* key) {
  rl::Report report;
  if (!entry.contains(key)) return report;
  for (const auto& [name, value] : entry.at(key).items()) report.emplace_back(name, value.get<double>());
  return report;
}

}  // namespace saccade::experiments
