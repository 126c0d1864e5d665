#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/random/stream.hpp"

/// Handwritten-looking digits without a data file, so that every experiment on digits also runs on a machine that has
/// no MNIST. A digit starts as one of several skeletons, the ways in which people write it (a 4 open or closed, a 7
/// with or without a bar), and is made somebody's handwriting by chance: the knots of the skeleton move, a smooth
/// polynomial field bends the plane, an affine map slants, turns and stretches it, and a round pen of random and slowly
/// changing width follows the curve with a soft edge.
///
/// The picture then follows the recipe of MNIST (LeCun, Bottou, Bengio and Haffner 1998, "Gradient-Based Learning
/// Applied to Document Recognition", section III.A): the ink is scaled to fit a 20x20 box with its aspect kept, and
/// moved by whole pixels so that its centre of mass is the centre of a 28x28 picture.
namespace saccade::envs {

/// Height and width of a digit's picture, in pixels.
inline constexpr std::size_t digit_side = 28;

/// One picture, row by row from the top: 0 is background, 255 is ink.
using DigitImage = std::array<std::uint8_t, digit_side * digit_side>;

/// Draws one digit. Every random number comes from `stream`, so two streams in the same state draw the same picture
/// (on any CPU; another mathematical library may round otherwise), and a stream that is used again draws another. All
/// ink lies within the picture.
///
/// @param label      the digit, 0 to 9
/// @param stream     the only source of chance; moved on by a number of draws that depends on the picture
/// @param variation  how far knots move and how much planes bend, slant, turn and stretch, as a part of the usual; pens
///                   vary as ever
/// @throws ArgumentError if `label` is not a digit
[[nodiscard]] DigitImage draw_digit(int label, random::Stream& stream, float variation = 1);

}  // namespace saccade::envs
