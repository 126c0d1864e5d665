#pragma once

#include <cstdint>
#include <vector>

#include "core/tensor/tensor.hpp"

namespace saccade::rl {

/// The most probable action of each episode, the lowest index where several are.
///
/// @param log_probs  [B, num_actions]
/// @param actions    resized to B
/// @throws ShapeError  unless rank 2
void most_probable_actions(const TensorView& log_probs, std::vector<std::int32_t>& actions);

}  // namespace saccade::rl
