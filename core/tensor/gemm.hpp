#pragma once

#include <vector>

#include "core/tensor/tensor.hpp"

namespace saccade {

/// Whether an operand of a matrix product is taken as it lies in memory or transposed.
enum class Transpose { no, yes };

/// The one door to BLAS:  c = op(a) op(b) + beta c, with op(x) = x or its transpose.
///
/// One OpenBLAS thread: parallelism is over shards of the batch, outside (two BLAS threads lose at these sizes).
/// @param a     [M, K], or [K, M] if transposed
/// @param b     [K, N], or [N, K] if transposed
/// @param c     [M, N], must not overlap a or b; not read where beta is 0
/// @throws ShapeError  unless all three have rank 2 and fit.
void gemm(const TensorView& a, Transpose transpose_a, const TensorView& b, Transpose transpose_b, const TensorView& c,
          Real beta = 0);

/// The arguments of one product.
struct GemmCall {
  TensorView a;
  Transpose transpose_a;
  TensorView b;
  Transpose transpose_b;
  TensorView c;
  Real beta;
};

/// While it lives, notes every product of its thread, so that a benchmark can replay them alone: the floor under a
/// training step.
///
///     GemmRecording recording;
///     trainer.step();
///     for (const GemmCall& call : recording.calls()) ...
class GemmRecording {
 public:
  GemmRecording();
  GemmRecording(const GemmRecording&) = delete;
  GemmRecording& operator=(const GemmRecording&) = delete;
  ~GemmRecording();

  [[nodiscard]] const std::vector<GemmCall>& calls() const { return calls_; }

 private:
  friend void gemm(const TensorView& a, Transpose transpose_a, const TensorView& b, Transpose transpose_b,
                   const TensorView& c, Real beta);

  mutable std::vector<GemmCall> calls_;  // a recording that the owner only reads still records
  const GemmRecording* outer_;
};

/// What the BLAS library calls the kernel it chose for this CPU, such as "SkylakeX" or "Zen", and its version.
struct BlasInfo {
  const char* kernel;
  const char* config;
};
[[nodiscard]] BlasInfo blas_info();

}  // namespace saccade
