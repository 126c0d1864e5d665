#pragma once

#include <span>
#include <string>
#include <string_view>

#include "core/tensor/blas_kernel.hpp"

namespace saccade {

/// What the operands of matrix products are rounded to. Parameters, gradients, optimiser states, the sums of products
/// and all other arithmetic are Real whatever this is.
enum class Precision {
  float32,           ///< nothing is rounded (and in the build of `double` all is double)
  bfloat16,          ///< by oneDNN on AVX-512 or AMX; faster only where the CPU multiplies bfloat16 itself (AMX,
                     ///< AVX512_BF16), as oneDNN converts the operands on older ones
  bfloat16_emulated  ///< operands rounded to bfloat16, multiplied by BLAS: the same numbers up to the order of sums and
                     ///< to denormal operands, which some units take for 0; on any CPU, and never faster than float32
};

/// All of them by the names that configurations use.
[[nodiscard]] std::span<const std::string_view> precision_names();
[[nodiscard]] std::string_view name(Precision precision);
/// @throws ArgumentError  if there is none of that name
[[nodiscard]] Precision precision_of(std::string_view name);

/// What decides whether products of bfloat16 can be had.
struct ProductSupport {
  bool one_dnn = false;  ///< built with oneDNN
  CpuFeatures cpu;
};
/// Of this build on this machine.
[[nodiscard]] ProductSupport product_support();

/// Why there can be no products of this precision, as a sentence that says what is missing and what to take instead;
/// empty if there can.
[[nodiscard]] std::string reason_against(Precision precision, const ProductSupport& support);

/// The precision itself where it can be had, and otherwise the one that gives the same numbers up to rounding: for
/// using what was trained elsewhere.
[[nodiscard]] Precision nearest_to(Precision precision, const ProductSupport& support);

/// What computes the products, for records: "OpenBLAS", "OpenBLAS, those of parameters by Saccade (AVX-512)", "OpenBLAS
/// on operands rounded to bfloat16", or the version of oneDNN and the instructions that it uses.
[[nodiscard]] std::string products_by(Precision precision);

}  // namespace saccade
