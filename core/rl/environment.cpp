#include "core/rl/environment.hpp"

#include <fmt/format.h>

#include "core/errors.hpp"

namespace saccade::rl {

std::string_view name(Split split) {
  switch (split) {
    case Split::train: return "train";
    case Split::validation: return "validation";
    case Split::test: return "test";
  }
  return "?";
}

Split split_named(std::string_view name_of_split) {
  for (const Split split : {Split::train, Split::validation, Split::test}) {
    if (name(split) == name_of_split) return split;
  }
  throw ArgumentError(fmt::format("split_named: expected train, validation or test, got {}", name_of_split));
}

random::Stream episode_stream(std::uint64_t world_seed, random::Purpose name, const EpisodeKey& key) {
  switch (key.split) {
    case Split::train: return random::Stream(world_seed, name.with(" train"), key.seed, key.visit);
    case Split::validation: return random::Stream(world_seed, name.with(" validation"), 0, key.index);
    case Split::test: break;
  }
  return random::Stream(world_seed, name.with(" test"), 0, key.index);
}

void check_actions(std::string_view function, const EnvironmentSpec& spec, std::span<const std::int32_t> actions,
                   std::size_t expected) {
  if (actions.size() != expected) {
    throw ArgumentError(fmt::format("{}: expected {} actions, got {}", function, expected, actions.size()));
  }
  for (const std::int32_t action : actions) {
    if (action < 0 || static_cast<std::size_t>(action) >= spec.num_actions) {
      throw ArgumentError(
          fmt::format("{}: actions of {} must be below {}, got {}", function, spec.name, spec.num_actions, action));
    }
  }
}

void check_keys(std::string_view function, const Environment& environment, std::span<const EpisodeKey> keys) {
  for (const EpisodeKey& key : keys) {
    const std::size_t size = environment.size(key.split);
    if (key.index >= size) {
      throw ArgumentError(
          fmt::format("{}: the {} split has {} episodes, got index {}", function, name(key.split), size, key.index));
    }
  }
}

void check_recognition(std::string_view agent, const EnvironmentSpec& world) {
  if (world.has_targets && world.max_steps == 1) return;
  throw ConfigError(fmt::format("agent {} needs a world of one action with a known right answer, which {} is not",
                                agent, world.name));
}

}  // namespace saccade::rl
