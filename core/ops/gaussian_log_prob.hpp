#pragma once

#include "core/autograd/tape.hpp"

namespace saccade::ops {

/// Log-density of samples under Gaussians with one fixed standard deviation, summed over the last axis.
///
///   y[n] = sum_d ( -(s[n,d] - m[n,d])^2 / (2 std^2) - log std - log(2 pi) / 2 )
///   d_m  = d_y (s - m) / std^2
///
/// The sample is a constant: no gradient follows the draw back into the mean, which is what the score function needs.
/// Take the density of the raw draw, not of a clipped one.
///
/// @param mean    [N, D]
/// @param sample  [N, D]; must stay as it is until after backward
/// @param deviation  standard deviation std, > 0
/// @return        [N]
/// @throws ShapeError  unless the shapes agree with rank 2; ArgumentError unless deviation > 0
[[nodiscard]] Variable gaussian_log_prob(const Variable& mean, const TensorView& sample, Real deviation);

}  // namespace saccade::ops
