#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/random/stream.hpp"
#include "core/tensor/tensor.hpp"

namespace saccade::rl {

/// The most probable action of each episode, the lowest index where several are.
///
/// @param log_probs  [B, num_actions]
/// @param actions    resized to B
/// @throws ShapeError  unless rank 2
void most_probable_actions(const TensorView& log_probs, std::vector<std::int32_t>& actions);

/// Leaves actions out: their log-probabilities become minus infinity. Those of the others stay as they are, so that
/// rows need no longer be distributions.
///
/// @param log_probs  [B, num_actions]
/// @throws ShapeError  unless rank 2; ArgumentError for an action that is none
void mask_actions(const TensorView& log_probs, std::span<const std::int32_t> masked);

/// An action for each episode, drawn with the probabilities of its row by one uniform number of its stream: the lowest
/// action whose cumulative probability exceeds it.
///
/// @param log_probs  [B, num_actions], normalised
/// @param streams    B
/// @param actions    resized to B
/// @throws ShapeError  unless rank 2 and one stream a row; NonFiniteError for a row that holds no distribution
void sample_actions(const TensorView& log_probs, std::span<random::Stream> streams, std::vector<std::int32_t>& actions);

}  // namespace saccade::rl
