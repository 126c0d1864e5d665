#pragma once

#include "core/autograd/tape.hpp"

namespace saccade::attention {

/// The geometry of a retina: how much of the image one glimpse takes in.
struct RetinaGeometry {
  std::size_t size = 8;    ///< g: width and height of every patch that comes out, in pixels; >= 1
  std::size_t scales = 1;  ///< k: number of patches; patch s covers g 2^s pixels of the image each way; 1 to 16
  Real background = 0;     ///< what lies outside the image
};

/// The first pixel of the finest patch along one axis, for a location in [-1, 1]:
///
///   floor((location + 1) / 2 * extent - size / 2 + 1 / 2)
///
/// so -1 is the near edge of the image, +1 the far edge, and the patch lies on whole pixels. May be negative.
[[nodiscard]] std::ptrdiff_t first_pixel(Real location, std::size_t extent, std::size_t size);

/// Retina-like multi-resolution glimpses, rho(x, l) of Mnih et al. 2014, section 3: k square patches with one centre,
/// each twice as wide as the one before, all reduced to g x g.
///
/// The centre is that of the finest patch, which is snapped to whole pixels (see first_pixel). A cell of patch s is the
/// exact mean of the 2^s x 2^s pixels that it covers; for odd g it covers halves of pixels at its border. Pixels
/// outside the image count as `background`. Any image and patch size is fine, also patches larger than the image.
///
/// Gradient: d_images receives each cell's d_y spread over the pixels by their share. The locations get none: hard
/// attention is trained by the score function.
///
/// @param images     [B, H, W, C]
/// @param locations  [B, 2], (x, y) with x to the right and y down, (-1, -1) the top left corner, each in [-1, 1]
/// @return           [B, k, g, g, C], finest scale first
/// @throws ShapeError  unless the shapes fit; ArgumentError for a size of zero, scales outside 1..16, an image without
///                     pixels, or a location outside [-1, 1] or not a number
[[nodiscard]] Variable retina(const Variable& images, const TensorView& locations, const RetinaGeometry& geometry);

}  // namespace saccade::attention
