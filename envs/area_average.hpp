#pragma once

#include <cstddef>
#include <cstdint>

#include "core/tensor/real.hpp"

/// Images of another size.
namespace saccade::envs {

/// One channel of bytes, row by row: 0 is 0, 255 is 1.
struct GreyImage {
  const std::uint8_t* pixels;  ///< [height, width]
  std::size_t height;
  std::size_t width;
};

/// A square of pixels, which may reach beyond its image: what lies there is 0.
struct Square {
  std::ptrdiff_t top = 0;
  std::ptrdiff_t left = 0;
  std::size_t side = 0;
};

/// The smallest square around all pixels that are not 0, these in its middle up to half a pixel, the extra row or
/// column below or to the right. Its side is 0 if there are none.
[[nodiscard]] Square ink_square(const GreyImage& image);

/// The widest square that area_average takes in.
inline constexpr std::size_t area_average_limit = 256;

/// Draws a square of an image with `side` pixels each way. A pixel of the result is the exact mean of the area of the
/// source that it covers, where pixels are squares of one brightness; so the mean of all is that of the square:
///
///     to[i, j] = 1 / 255 sum_{k, l} w_ik w_jl image[from.top + k, from.left + l]
///     w_ik = the part of [i r, (i + 1) r) that lies in [k, k + 1), over r        r = from.side / side
///
/// Sums are of whole numbers: the same on any machine. Makes no heap allocation.
///
/// @param from    its side must be in 1..area_average_limit
/// @param to      the upper left pixel of the result; all its pixels are written
/// @param stride  how far the rows of the result are apart
void area_average(const GreyImage& image, const Square& from, std::size_t side, Real* to, std::size_t stride);

}  // namespace saccade::envs
