#pragma once

#include <cstdint>
#include <span>

#include "core/autograd/tape.hpp"

/// What a decoder reads from annotations: their expectation (soft attention) or one of them (hard attention); Xu et al.
/// 2015, section 4.
namespace saccade::attention {

/// The annotation that soft attention expects, eq. 13.
///
///   z[b,d] = sum_l weights[b,l] annotations[b,l,d]
///
///   d_weights[b,l]       = sum_d d_z[b,d] annotations[b,l,d]
///   d_annotations[b,l,d] = weights[b,l] d_z[b,d]
///
/// One pass over the annotations each way, and one more over d_annotations if they are wanted.
///
/// @param weights      [B, L]; not necessarily a distribution
/// @param annotations  [B, L, D]
/// @return             [B, D]
/// @throws ShapeError  unless the shapes fit
[[nodiscard]] Variable soft_read(const Variable& weights, const Variable& annotations);

/// The annotation at one place of each image.
///
///   z[b,d] = annotations[b, places[b], d]      d_annotations[b,l,d] = [l = places[b]] d_z[b,d]
///
/// The places get no gradient: hard attention is trained by the score function.
///
/// @param annotations  [B, L, D]
/// @param places       B places in 0..L-1; copied
/// @return             [B, D]
/// @throws ShapeError  unless rank 3 and B places; ArgumentError for a place outside 0..L-1
[[nodiscard]] Variable hard_read(const Variable& annotations, std::span<const std::int32_t> places);

/// Either of the two, image by image: where places[b] >= 0 the annotation of that place, as hard_read; where it is
/// negative the expected one, as soft_read. So a batch is read of which some images are attended to softly (the half of
/// Xu et al. 2015, section 4.1, whose location is set to its expected value).
///
/// @throws  as soft_read and hard_read
[[nodiscard]] Variable mixed_read(const Variable& weights, const Variable& annotations,
                                  std::span<const std::int32_t> places);

}  // namespace saccade::attention
