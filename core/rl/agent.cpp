#include "core/rl/agent.hpp"

#include "core/errors.hpp"

namespace saccade::rl {

void Actor::follow(std::span<const std::int32_t> /*parents*/, std::span<const std::int32_t> /*actions*/) {
  throw ArgumentError("Actor::follow: this agent cannot go on from other episodes' states");
}

}  // namespace saccade::rl
