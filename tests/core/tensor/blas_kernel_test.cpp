#include "core/tensor/blas_kernel.hpp"

#include "tests/support/catch.hpp"

namespace saccade {
namespace {

constexpr CpuFeatures old_cpu{false, false};
constexpr CpuFeatures avx2_cpu{true, false};
constexpr CpuFeatures avx512_cpu{true, true};

TEST_CASE("a kernel with narrower vectors than the CPU has is replaced", "[blas_kernel]") {
  CHECK(better_blas_kernel("Haswell", avx512_cpu) == "SkylakeX");
  CHECK(better_blas_kernel("Zen", avx512_cpu) == "SkylakeX");
  CHECK(better_blas_kernel("Prescott", avx512_cpu) == "SkylakeX");
  CHECK(better_blas_kernel("Prescott", avx2_cpu) == "Haswell");
}

TEST_CASE("a kernel that fits the CPU is left alone", "[blas_kernel]") {
  for (const char* kernel : {"SkylakeX", "Cooperlake", "SapphireRapids"}) {
    CHECK_FALSE(better_blas_kernel(kernel, avx512_cpu));
    CHECK_FALSE(better_blas_kernel(kernel, avx2_cpu));
  }
  for (const char* kernel : {"Haswell", "Zen", "Excavator"}) CHECK_FALSE(better_blas_kernel(kernel, avx2_cpu));
  CHECK_FALSE(better_blas_kernel("Prescott", old_cpu));
}

}  // namespace
}  // namespace saccade
