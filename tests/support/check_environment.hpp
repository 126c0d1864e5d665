#pragma once

#include <string>
#include <vector>

#include "core/rl/environment.hpp"

namespace saccade::tests {

/// Whether a world keeps the promises of rl::Environment, as far as a few of its episodes tell. Every split must have
/// episodes.
///
///     CHECK(check_environment(world) == no_faults);
///
/// @return  one sentence for each promise that is broken
[[nodiscard]] std::vector<std::string> check_environment(const rl::Environment& world);

inline const std::vector<std::string> no_faults;

}  // namespace saccade::tests
