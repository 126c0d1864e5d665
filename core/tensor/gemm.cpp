#include "core/tensor/gemm.hpp"

#include <fmt/format.h>

#include <utility>
#include <xtensor-blas/xblas.hpp>

#include "core/errors.hpp"
#include "core/tensor/checks.hpp"

extern "C" {
// Declared here because OpenBLAS's own header defines macros and complex types that clash with xtensor-blas.
void openblas_set_num_threads(int threads);
char* openblas_get_corename(void);
char* openblas_get_config(void);
}

namespace saccade {
namespace {

thread_local const GemmRecording* recording = nullptr;

void use_one_blas_thread() {
  static const bool done = (openblas_set_num_threads(1), true);
  static_cast<void>(done);
}

[[noreturn]] void throw_mismatch(const TensorView& a, const TensorView& b, const TensorView& c) {
  throw ShapeError(fmt::format("gemm: expected op(a) [M, K], op(b) [K, N], c [M, N], got a {}, b {}, c {}",
                               to_string(a.shape()), to_string(b.shape()), to_string(c.shape())));
}

void check_product(const TensorView& a, bool transpose_a, const TensorView& b, bool transpose_b, const TensorView& c) {
  check_rank("gemm", "a", a, 2);
  check_rank("gemm", "b", b, 2);
  check_rank("gemm", "c", c, 2);
  const bool fits = a.dim(transpose_a ? 1 : 0) == c.dim(0) && b.dim(transpose_b ? 0 : 1) == c.dim(1) &&
                    a.dim(transpose_a ? 0 : 1) == b.dim(transpose_b ? 1 : 0);
  if (!fits) throw_mismatch(a, b, c);
}

}  // namespace

void gemm(const TensorView& a, Transpose transpose_a, const TensorView& b, Transpose transpose_b, const TensorView& c,
          Real beta, Products* products) {
  check_product(a, transpose_a == Transpose::yes, b, transpose_b == Transpose::yes, c);
  if (c.size() == 0) return;
  const GemmCall call{a, transpose_a, b, transpose_b, c, beta, products};
  if (recording != nullptr) recording->calls_.push_back(call);
  products == nullptr ? multiply_by_blas(call) : products->multiply(call);
}

void multiply_by_blas(const GemmCall& call) {
  use_one_blas_thread();
  auto target = matrix(call.c);
  xt::blas::gemm(matrix(call.a), matrix(call.b), target, call.transpose_a == Transpose::yes,
                 call.transpose_b == Transpose::yes, Real{1}, call.beta);
}

GemmRecording::GemmRecording() : outer_{std::exchange(recording, this)} {}

GemmRecording::~GemmRecording() { recording = outer_; }

BlasInfo blas_info() { return {openblas_get_corename(), openblas_get_config()}; }

}  // namespace saccade
