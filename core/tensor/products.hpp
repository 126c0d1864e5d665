#pragma once

#include <memory>

#include "core/tensor/gemm.hpp"
#include "core/tensor/precision.hpp"

namespace saccade {

/// What computes products of a precision; none for float32 where there is no kernel of our own (packed_products.hpp),
/// so that BLAS in Real computes all.
///
/// Operands are converted as they come, into memory that is kept: a warmed-up step allocates nothing here. Parameters
/// are converted, or laid out for a kernel, once a step: what lies in `parameters` must stay as it is from its first
/// use to the next begin(). The sums are in Real.
///
/// @param parameters  all of a ParameterStore
/// @throws ArgumentError  if this build on this machine has no such products, with the reason
[[nodiscard]] std::unique_ptr<Products> make_products(Precision precision, const TensorView& parameters);

}  // namespace saccade
