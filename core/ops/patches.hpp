#pragma once

#include "core/autograd/tape.hpp"

namespace saccade::ops {

/// Where a window stands on an image: every `stride` pixels, wholly within the image and a border of `padding` pixels
/// of zero around it.
struct Window {
  std::size_t height = 1;
  std::size_t width = 1;
  std::size_t stride = 1;
  std::size_t padding = 0;

  /// How many windows fit along an axis; 0 if none.
  [[nodiscard]] std::size_t count(std::size_t extent, std::size_t size) const {
    return extent + 2 * padding < size ? 0 : (extent + 2 * padding - size) / stride + 1;
  }
};

/// Cuts images into windows, so that a convolution is a matrix product ("im2col"):
///
///   y[b, i, j, (u, v, c)] = x[b, i stride + u - padding, j stride + v - padding, c], 0 beyond the image
///   d_x[b, r, s, c]       = sum of d_y over all windows that show the pixel
///
/// @param x  [B, H, W, C]
/// @return   [B, H', W', height width C] with H' = (H + 2 padding - height) / stride + 1, W' likewise
/// @throws ShapeError  unless x has rank 4; ArgumentError for a window of no size or stride, or larger than the image
///         with its border
[[nodiscard]] Variable patches(const Variable& x, const Window& window);

}  // namespace saccade::ops
