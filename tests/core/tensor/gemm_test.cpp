#include "core/tensor/gemm.hpp"

#include <array>
#include <limits>
#include <string>

#include "core/errors.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/messages.hpp"
#include "tests/support/products.hpp"
#include "tests/support/tensors.hpp"

namespace saccade {
namespace {

using namespace tests;

void check_all_forms(std::size_t m, std::size_t k, std::size_t n) {
  const Tensor a = randn({m, k}, 1), b = randn({k, n}, 2), c = randn({m, n}, 3);
  for (const Transpose ta : {Transpose::no, Transpose::yes}) {
    for (const Transpose tb : {Transpose::no, Transpose::yes}) {
      for (const Real beta : {Real{0}, Real{1}, Real{-0.5}}) {
        Tensor left = ta == Transpose::yes ? transposed(a) : a;
        Tensor right = tb == Transpose::yes ? transposed(b) : b;
        Tensor result = c;
        gemm(left, ta, right, tb, result, beta);
        INFO(m << " " << k << " " << n << (ta == Transpose::yes ? " a^T" : "") << (tb == Transpose::yes ? " b^T" : ""));
        CHECK(close(result, product_of(a, b, c, beta), 20 * rounding));
      }
    }
  }
}

TEST_CASE("gemm is the product of matrices", "[gemm]") {
  constexpr auto sizes = std::to_array<std::array<std::size_t, 3>>({{1, 1, 1},
                                                                    {1, 5, 1},
                                                                    {5, 1, 3},
                                                                    {1, 1, 4},
                                                                    {4, 1, 1},
                                                                    {1, 7, 3},
                                                                    {3, 7, 1},
                                                                    {2, 3, 4},
                                                                    {17, 33, 9},
                                                                    {64, 128, 65}});
  for (const auto& [m, k, n] : sizes) check_all_forms(m, k, n);
}

TEST_CASE("gemm does not read c where beta is 0", "[gemm]") {
  Tensor a = tensor({1, 2}, {1, 2});
  Tensor b = tensor({2, 1}, {3, 4});
  Tensor c = tensor({1, 1}, {std::numeric_limits<double>::quiet_NaN()});
  gemm(a, Transpose::no, b, Transpose::no, c);
  CHECK(c(0, 0) == 11);
}

TEST_CASE("gemm of empty matrices", "[gemm]") {
  Tensor a = zeros({2, 0});
  Tensor b = zeros({0, 3});
  Tensor c = tensor({2, 3}, {1, 2, 3, 4, 5, 6});
  gemm(a, Transpose::no, b, Transpose::no, c, 1);
  CHECK(close(c, tensor({2, 3}, {1, 2, 3, 4, 5, 6})));
  gemm(a, Transpose::no, b, Transpose::no, c);
  CHECK(close(c, zeros({2, 3})));
  Tensor nothing = zeros({0, 3});
  Tensor right = zeros({2, 3});
  Tensor none = zeros({0, 2});
  CHECK_NOTHROW(gemm(none, Transpose::no, right, Transpose::no, nothing));
}

TEST_CASE("gemm refuses what does not fit", "[gemm]") {
  Tensor a = zeros({2, 3}), b = zeros({3, 4}), c = zeros({2, 4}), wrong = zeros({4, 4}), flat_one = zeros({3});
  const auto product = [](Tensor& x, Tensor& y, Tensor& z) {
    return message_of<ShapeError>([&] { gemm(x, Transpose::no, y, Transpose::no, z); });
  };
  CHECK(product(a, wrong, c) ==
        "gemm: expected op(a) [M, K], op(b) [K, N], c [M, N], got a [2, 3], b [4, 4], c [2, 4]");
  CHECK(has(product(a, b, wrong), "c [4, 4]"));
  CHECK(has(product(flat_one, b, c), "gemm: a must have rank 2, got shape [3]"));
  CHECK(has(product(a, flat_one, c), "gemm: b must have rank 2"));
}

TEST_CASE("the BLAS library names itself", "[gemm]") {
  CHECK_FALSE(std::string(blas_info().kernel).empty());
  CHECK(has(blas_info().config, "OpenBLAS"));
}

TEST_CASE("a recording notes the products of its thread while it lives", "[gemm]") {
  Tensor a = randn({2, 3}, 1), b = randn({2, 4}, 2), c = zeros({3, 4});
  gemm(a, Transpose::yes, b, Transpose::no, c);
  {
    const GemmRecording outer;
    {
      const GemmRecording inner;
      gemm(a, Transpose::yes, b, Transpose::no, c, 1);
      REQUIRE(inner.calls().size() == 1);
      const GemmCall& call = inner.calls().front();
      CHECK((call.a.data() == a.data() && call.b.data() == b.data() && call.c.data() == c.data()));
      CHECK((call.transpose_a == Transpose::yes && call.transpose_b == Transpose::no && call.beta == 1));
    }
    gemm(a, Transpose::yes, b, Transpose::no, c);
    CHECK(outer.calls().size() == 1);
  }
  gemm(a, Transpose::yes, b, Transpose::no, c);
}

}  // namespace
}  // namespace saccade
