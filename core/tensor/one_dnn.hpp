#pragma once

#include <memory>
#include <optional>
#include <string>

#include "core/tensor/gemm.hpp"

/// Products by oneDNN, where Saccade is built with it (CMake option SACCADE_ONEDNN).
namespace saccade {

/// Version and instructions, such as "2.6.3 (avx512_core_amx)"; none where the build has no oneDNN or Real is double.
[[nodiscard]] std::optional<std::string> one_dnn_version();

/// What operands are multiplied in. In either the sums and the result are float.
enum class OneDnnOperands {
  float32,  ///< on any CPU; not faster than OpenBLAS, here so that all but the rounding can be tested anywhere
  bfloat16
};

/// Products for make_products. The right operand is laid out in blocks as the CPU's kernel wants it, a parameter once
/// a step and form, any other as it comes; kernels are kept by shape, transposes and beta. One OpenMP thread: the first
/// product of a thread sets OpenMP's number of threads for it. oneDNN itself allocates for each call what lists its
/// arguments.
///
/// @param parameters  all of a ParameterStore
/// @throws ArgumentError  without oneDNN; and each product, where oneDNN has no kernel for this CPU
[[nodiscard]] std::unique_ptr<Products> make_one_dnn_products(OneDnnOperands operands, const TensorView& parameters);

}  // namespace saccade
