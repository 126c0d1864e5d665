#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "core/config/fields.hpp"
#include "core/rl/agent.hpp"

namespace saccade::agents {

/// An agent that is described but not made: it holds the settings that a configuration fills.
class Builder {
 public:
  virtual ~Builder() = default;
  virtual void describe(config::Fields& fields) = 0;
  /// @param seed  of the initial parameters
  /// @throws ConfigError  if the agent cannot live in that world
  [[nodiscard]] virtual std::unique_ptr<rl::Agent> build(const rl::EnvironmentSpec& world,
                                                         std::uint64_t seed) const = 0;
};

/// An agent's line in the registry.
struct Entry {
  std::string_view name;
  std::string_view summary;
  std::unique_ptr<Builder> (*make)();
};

/// Every agent, in the order in which `saccade list` shows them. A new agent adds one line in registry.cpp.
[[nodiscard]] std::span<const Entry> registry();

}  // namespace saccade::agents
