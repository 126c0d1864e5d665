#pragma once

#include <span>

#include "core/autograd/tape.hpp"
#include "core/random/stream.hpp"

namespace saccade::ops {

/// Dropout (Srivastava et al. 2014) in the form that needs nothing at test time:
///
///   y[n, k] = m[n, k] x[n, k],   d_x[n, k] = m[n, k] d_y[n, k],
///   m[n, k] = 1 / (1 - rate) with probability 1 - rate, else 0
///
/// Row n draws from its own stream, one number for each column, so that what is dropped for an episode depends on its
/// stream alone. A rate of 0 gives x itself and draws nothing: pass it at test time.
///
/// @param x     [..., K], N rows of it
/// @param rate  in [0, 1), the probability of a zero, as a multiple of 2^-32
/// @param rows  N streams, advanced by K numbers each
/// @throws ShapeError  unless there are N streams; ArgumentError for a rate outside [0, 1)
[[nodiscard]] Variable dropout(const Variable& x, Real rate, std::span<random::Stream> rows);

}  // namespace saccade::ops
