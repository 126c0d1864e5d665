#include "core/tensor/packed_products.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/products.hpp"
#include "tests/support/skip.hpp"
#include "tests/support/tensors.hpp"

namespace saccade {
namespace {

using namespace tests;

std::string no_kernel() { return packed_kernel() ? "" : "no kernel in this build"; }

TEST_CASE("packed products multiply as a loop does", "[packed]") {
  if (skipped(no_kernel())) return;
  Tensor none = zeros({0});
  check_products(*make_packed_products(none), unrounded);
}

TEST_CASE("packed products multiply parameters as a loop does", "[packed]") {
  if (skipped(no_kernel())) return;
  check_products_of_parameters(make_packed_products);
}

TEST_CASE("packed products lay parameters out once a step", "[packed]") {
  if (skipped(no_kernel())) return;
  Tensor parameters = randn({50, 36}, 1);
  check_parameters_are_kept(*make_packed_products(parameters), parameters);
}

TEST_CASE("warmed-up packed products make no heap allocation", "[packed]") {
  if (skipped(no_kernel())) return;
  Tensor parameters = randn({50, 36}, 1);
  CHECK(allocations_of_products(*make_packed_products(parameters), parameters) == 0);
}

TEST_CASE("parameters are laid out at their second use in a step", "[packed]") {
  if (skipped(no_kernel())) return;
  Tensor w = zeros({5, 16}), x = zeros({4, 5}), y = zeros({4, 16});
  fill(TensorView{x}, 1);
  const auto products = make_packed_products(w);
  const auto used_with = [&](Real value) {
    fill(TensorView{w}, value);
    gemm(x, Transpose::no, w, Transpose::no, y, 0, products.get());
    return y(0, 0) / 5;
  };
  for (int step = 0; step < 2; ++step) {
    products->begin();
    CHECK(used_with(1) == 1);
    CHECK(used_with(2) == 2);
    CHECK(used_with(3) == 2);
  }
}

TEST_CASE("a parameter seen in two shapes is packed in both", "[packed]") {
  if (skipped(no_kernel())) return;
  Tensor parameters = randn({96, 48}, 1);
  const TensorView tall{parameters};
  const TensorView wide = tall.reshaped({48, 96});
  const auto products = make_packed_products(parameters);
  for (const TensorView& w : {tall, wide}) {
    Tensor x = randn({8, w.dim(0)}, 2), y = zeros({8, w.dim(1)}), blas = y;
    for (int use = 0; use < 2; ++use) gemm(x, Transpose::no, w, Transpose::no, y, 0, products.get());
    gemm(x, Transpose::no, w, Transpose::no, blas);
    CHECK(close(y, blas, 50 * rounding));
  }
}

}  // namespace
}  // namespace saccade
