#pragma once

#include <vector>

#include "core/tensor/tensor.hpp"

namespace saccade {

/// Whether an operand of a matrix product is taken as it lies in memory or transposed.
enum class Transpose { no, yes };

class Products;

/// The one door to matrix products:  c = op(a) op(b) + beta c, with op(x) = x or its transpose.
///
/// One thread: parallelism is over shards of the batch, outside (two BLAS threads lose at these sizes).
/// @param a     [M, K], or [K, M] if transposed
/// @param b     [K, N], or [N, K] if transposed
/// @param c     [M, N], must not overlap a or b; not read where beta is 0
/// @param products  what computes it; none for BLAS in Real. Ops pass on Tape::products()
/// @throws ShapeError  unless all three have rank 2 and fit.
void gemm(const TensorView& a, Transpose transpose_a, const TensorView& b, Transpose transpose_b, const TensorView& c,
          Real beta = 0, Products* products = nullptr);

/// The arguments of one product.
struct GemmCall {
  TensorView a;
  Transpose transpose_a;
  TensorView b;
  Transpose transpose_b;
  TensorView c;
  Real beta;
  Products* products;
};
/// The same product once more.
inline void gemm(const GemmCall& call) {
  gemm(call.a, call.transpose_a, call.b, call.transpose_b, call.c, call.beta, call.products);
}

/// How products are computed where that is not by BLAS in Real; see core/tensor/products.hpp. Belongs to one tape:
/// used by one thread at a time.
class Products {
 public:
  Products() = default;
  Products(const Products&) = delete;
  Products& operator=(const Products&) = delete;
  virtual ~Products() = default;

  /// Parameters may have changed: what was made from them is made anew when it is next needed.
  virtual void begin() = 0;
  /// For gemm: one product, its shapes checked and none of M and N 0.
  virtual void multiply(const GemmCall& call) = 0;
};

/// For Products: the product by BLAS in Real, neither checked nor noted by a recording.
void multiply_by_blas(const GemmCall& call);

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
                   const TensorView& c, Real beta, Products* products);

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
