#pragma once

#include <span>

#include "core/autograd/tape.hpp"

namespace saccade::ops {

/// The penalty that asks attention to look at every place about equally often in the course of a caption; Xu et al.
/// 2015, eq. 14:
///
///   L = (coefficient / episodes) sum_b sum_l (1 - s[b,l])^2,   s[b,l] = sum_t mask[b,t] weights_t[b,l]
///   d_weights_t[b,l] = -2 d_L (coefficient / episodes) mask[b,t] (1 - s[b,l])
///
/// It sums over places and averages over captions, as the paper has it. The authors' code sums over captions and
/// averages over places, so that with an equal coefficient its penalty is B / L times this one. Steps behind the end of
/// a caption count for nothing.
///
/// @param weights      one [B, L] for each of T >= 1 steps
/// @param mask         [B, T], 1 within the caption, 0 behind it; or empty for all ones; must stay until after backward
/// @param coefficient  lambda
/// @param episodes     > 0, the number of episodes of the whole batch
/// @return             [1]
/// @throws ShapeError  unless the shapes agree; ArgumentError for no steps or no episodes
[[nodiscard]] Variable doubly_stochastic_penalty(std::span<const Variable> weights, const TensorView& mask,
                                                 Real coefficient, std::size_t episodes);

}  // namespace saccade::ops
