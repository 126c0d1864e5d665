#pragma once

#include <span>
#include <vector>

/// The ways in which people write the ten digits, as data for the generator in strokes.hpp.
namespace saccade::envs {

/// A point that the pen passes. The unit is the height of the digit; x runs to the right and y down, both from about 0
/// to 1.
struct Knot {
  enum class Turn { smooth, sharp };

  float x;
  float y;
  Turn turn = Turn::smooth;  ///< whether the pen goes round the knot in a curve or turns there with a corner
};

/// What the pen draws before it is lifted: a curve through the knots in their order.
using Stroke = std::vector<Knot>;

/// One way to write a digit.
struct Skeleton {
  float weight;  ///< how often it is chosen, relative to the other skeletons of the digit
  std::vector<Stroke> strokes;
};

/// All skeletons of a digit from 0 to 9; at least one, with positive weights.
[[nodiscard]] std::span<const Skeleton> skeletons_of(int label);

}  // namespace saccade::envs
