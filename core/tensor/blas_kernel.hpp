#pragma once

#include <optional>
#include <string>
#include <string_view>

/// The choice of OpenBLAS's kernel. The library knows CPUs by name and takes one that is newer than itself for an old
/// one: version 0.3.21 runs AVX2 code on a Xeon of 2023 with AVX-512, at half the speed. What it should run follows
/// from the instructions that the CPU has, but the library reads OPENBLAS_CORETYPE only once, before main.
namespace saccade {

/// What matters of a CPU, as far as the operating system lets programs use it.
struct CpuFeatures {
  bool avx2 = false;    ///< with FMA
  bool avx512 = false;  ///< F, CD, BW, DQ and VL: what OpenBLAS's kernel "SkylakeX" is compiled for
};
[[nodiscard]] CpuFeatures cpu_features();

/// The kernel to ask for instead of the one that the library took, if it uses narrower vectors than the CPU has.
/// @param kernel  BlasInfo::kernel
[[nodiscard]] std::optional<std::string> better_blas_kernel(std::string_view kernel, const CpuFeatures& cpu);

/// Who chose the kernel that runs: "library", "user" (OPENBLAS_CORETYPE was set), or "saccade".
[[nodiscard]] std::string_view blas_kernel_chosen_by();

/// To be called first in main: if the library took a kernel that is too narrow and the user named none, starts this
/// program anew with the better one in its environment. Returns where there is nothing to gain, or if starting fails.
/// @param argv  of main
void restart_with_best_blas_kernel(char** argv);

}  // namespace saccade
