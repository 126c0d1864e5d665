#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "core/config/fields.hpp"
#include "core/parallel/workers.hpp"
#include "core/rl/environment.hpp"
#include "core/rl/judge.hpp"

namespace saccade::envs {

/// What a world may use while it is made.
struct Resources {
  std::vector<std::filesystem::path> data_folders;  ///< searched in order
  parallel::Workers* workers = nullptr;
  std::filesystem::path photographs = {};  ///< their folder, where a world's own is another; empty: its own
};

/// A world that is described but not made: it holds the settings that a configuration fills.
class Builder {
 public:
  virtual ~Builder() = default;
  virtual void describe(config::Fields& fields) = 0;
  /// @throws IoError  if data is missing or corrupt; ConfigError for settings that do not fit the data
  [[nodiscard]] virtual std::unique_ptr<rl::Environment> build(const Resources& resources) const = 0;
  /// What decides on the world's episodes, made of no more than that needs; null where no judge does.
  /// @throws  as build
  [[nodiscard]] virtual std::shared_ptr<const rl::Judge> judge(const Resources& resources) const;
};

/// A world's line in the registry.
struct Entry {
  std::string_view name;
  std::string_view summary;
  std::unique_ptr<Builder> (*make)();
};

/// Every world, in the order in which `saccade list` shows them. A new world adds one line in registry.cpp.
[[nodiscard]] std::span<const Entry> registry();

/// The first data folder that satisfies `holds` once `name` is appended.
/// @throws IoError  naming every place that was searched
[[nodiscard]] std::filesystem::path find_data(const Resources& resources, std::string_view name,
                                              bool (*holds)(const std::filesystem::path&));

}  // namespace saccade::envs
