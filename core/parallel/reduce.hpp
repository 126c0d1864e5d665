#pragma once

#include <span>

#include "core/parallel/workers.hpp"
#include "core/tensor/tensor.hpp"

namespace saccade::parallel {

/// Elementwise sum of equally long arrays into the first, always in their order, so that the bits do not depend on
/// threads.
///
///   parts[0][i] = ((parts[0][i] + parts[1][i]) + parts[2][i]) + ...
void ordered_sum(Workers& workers, std::span<const TensorView> parts);

/// Sum of squares in a fixed order, in double.
[[nodiscard]] double sum_of_squares(Workers& workers, const TensorView& x);

}  // namespace saccade::parallel
