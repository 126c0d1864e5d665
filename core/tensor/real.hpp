#pragma once

/// The number type of every tensor. The same sources are built twice: with `float`, which is what experiments run in,
/// and with `double` (SACCADE_REAL_DOUBLE), in which the tests check gradients against central differences.
namespace saccade {

#ifdef SACCADE_REAL_DOUBLE
using Real = double;
#else
using Real = float;
#endif

}  // namespace saccade
