#include "core/tensor/blas_kernel.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "core/tensor/gemm.hpp"

namespace saccade {
namespace {

constexpr const char* kernel_variable = "OPENBLAS_CORETYPE";
/// Set beside it by restart_with_best_blas_kernel.
constexpr const char* mark_variable = "SACCADE_CHOSE_BLAS_KERNEL";

enum class Width { sse, avx2, avx512 };

Width width_of(std::string_view kernel) {
  constexpr std::array<std::string_view, 3> avx512{"SkylakeX", "Cooperlake", "SapphireRapids"};
  constexpr std::array<std::string_view, 3> avx2{"Haswell", "Zen", "Excavator"};
  if (std::find(avx512.begin(), avx512.end(), kernel) != avx512.end()) return Width::avx512;
  if (std::find(avx2.begin(), avx2.end(), kernel) != avx2.end()) return Width::avx2;
  return Width::sse;
}

Width width_of(const CpuFeatures& cpu) {
  if (cpu.avx512) return Width::avx512;
  return cpu.avx2 ? Width::avx2 : Width::sse;
}

}  // namespace

CpuFeatures cpu_features() {
#if defined(__x86_64__)
  __builtin_cpu_init();
  CpuFeatures cpu;
  cpu.avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  cpu.avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512cd") &&
               __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
               __builtin_cpu_supports("avx512vl");
  return cpu;
#else
  return {};
#endif
}

std::optional<std::string> better_blas_kernel(std::string_view kernel, const CpuFeatures& cpu) {
  const Width possible = width_of(cpu);
  if (possible <= width_of(kernel)) return std::nullopt;
  return possible == Width::avx512 ? "SkylakeX" : "Haswell";
}

std::string_view blas_kernel_chosen_by() {
  if (std::getenv(mark_variable) != nullptr) return "saccade";
  return std::getenv(kernel_variable) != nullptr ? "user" : "library";
}

void restart_with_best_blas_kernel(char** argv) {
  if (std::getenv(kernel_variable) != nullptr) return;
  const std::optional<std::string> kernel = better_blas_kernel(blas_info().kernel, cpu_features());
  if (!kernel) return;
  ::setenv(kernel_variable, kernel->c_str(), 1);
  ::setenv(mark_variable, "1", 1);
  ::execv("/proc/self/exe", argv);
  ::unsetenv(kernel_variable);
  ::unsetenv(mark_variable);
}

}  // namespace saccade
