#include "tests/support/products.hpp"

#include <array>
#include <limits>

#include "core/tensor/bfloat16.hpp"
#include "tests/support/allocations.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/tensors.hpp"

namespace saccade::tests {
namespace {

struct Form {
  Transpose a;
  Transpose b;
  Real beta;
};

Tensor maybe_transposed(const Tensor& x, Transpose transpose) {
  return transpose == Transpose::yes ? transposed(x) : x;
}

void check_form(Products& products, Rounding rounding_of, std::array<std::size_t, 3> size, const Form& form) {
  const auto [m, k, n] = size;
  const Tensor a = randn({m, k}, 1), b = randn({k, n}, 2), c = randn({m, n}, 3);
  Tensor left = maybe_transposed(a, form.a);
  Tensor right = maybe_transposed(b, form.b);
  Tensor result = c;
  gemm(left, form.a, right, form.b, result, form.beta, &products);
  INFO(m << " " << k << " " << n << (form.a == Transpose::yes ? " a^T" : "") << (form.b == Transpose::yes ? " b^T" : "")
         << " beta " << form.beta);
  CHECK(close(result, product_of(rounding_of(a), rounding_of(b), c, form.beta), 20 * rounding));
}

/// x w^T, or x w.
Tensor through(Products& products, const TensorView& w, Transpose transpose) {
  const bool yes = transpose == Transpose::yes;
  Tensor x = randn({4, w.dim(yes ? 1 : 0)}, 7);
  Tensor y = zeros({4, w.dim(yes ? 0 : 1)});
  gemm(x, Transpose::no, w, transpose, y, 0, &products);
  return y;
}

}  // namespace

Tensor product_of(Tensor a, Tensor b, Tensor c, Real beta) {
  const TensorView va{a}, vb{b}, vc{c};
  for (std::size_t m = 0; m < vc.dim(0); ++m) {
    for (std::size_t n = 0; n < vc.dim(1); ++n) {
      double sum = double{beta} * double{vc(m, n)};
      for (std::size_t k = 0; k < va.dim(1); ++k) sum += double{va(m, k)} * double{vb(k, n)};
      vc(m, n) = static_cast<Real>(sum);
    }
  }
  return c;
}

Tensor unrounded(Tensor x) { return x; }

Tensor rounded_to_bfloat16(Tensor x) {
  round_to_bfloat16(TensorView{x}.span(), TensorView{x}.span());
  return x;
}

void check_products(Products& products, Rounding rounding_of) {
  constexpr auto sizes = std::to_array<std::array<std::size_t, 3>>({{1, 1, 1},
                                                                    {1, 5, 1},
                                                                    {5, 1, 3},
                                                                    {1, 1, 4},
                                                                    {4, 1, 1},
                                                                    {1, 7, 3},
                                                                    {3, 7, 1},
                                                                    {2, 3, 4},
                                                                    {17, 33, 9},
                                                                    {2, 0, 3},
                                                                    {64, 128, 65},
                                                                    {2, 3, 4}});
  for (const std::array<std::size_t, 3>& size : sizes) {
    for (const Transpose a : {Transpose::no, Transpose::yes}) {
      for (const Transpose b : {Transpose::no, Transpose::yes}) {
        for (const Real beta : {Real{0}, Real{1}, Real{-0.5}}) check_form(products, rounding_of, size, {a, b, beta});
      }
    }
  }
}

void check_products_of_parameters(std::unique_ptr<Products> (*make)(const TensorView&)) {
  constexpr auto sizes = std::to_array<std::array<std::size_t, 3>>({{3, 7, 48},
                                                                    {4, 1, 8},
                                                                    {4, 5, 15},
                                                                    {5, 3, 16},
                                                                    {7, 64, 17},
                                                                    {8, 66, 47},
                                                                    {9, 67, 48},
                                                                    {13, 512, 49},
                                                                    {24, 513, 24},
                                                                    {37, 1030, 33},
                                                                    {128, 130, 96},
                                                                    {151, 65, 103}});
  for (const auto& [m, k, n] : sizes) {
    for (const Transpose transpose : {Transpose::no, Transpose::yes}) {
      for (const Real beta : {Real{0}, Real{1}, Real{-0.5}}) {
        Tensor a = randn({m, k}, 1), c = randn({m, n}, 3);
        const Tensor b = randn({k, n}, 2), expected = product_of(a, b, c, beta);
        Tensor right = maybe_transposed(b, transpose);
        const auto products = make(right);
        for (int use = 0; use < 3; ++use) {
          Tensor result = c;
          if (beta == 0) fill(TensorView{result}, std::numeric_limits<Real>::quiet_NaN());
          gemm(a, Transpose::no, right, transpose, result, beta, products.get());
          INFO(m << " " << k << " " << n << (transpose == Transpose::yes ? " b^T" : "") << " beta " << beta << " use "
                 << use);
          CHECK(close(result, expected, 50 * rounding));
        }
      }
    }
  }
}

void check_parameters_are_kept(Products& products, Tensor& parameters) {
  const TensorView w = parameters;
  const auto both = [&] {
    return std::array{through(products, w, Transpose::no), through(products, w, Transpose::yes)};
  };
  products.begin();
  static_cast<void>(both());  // what is used once may not be worth converting
  const auto before = both();
  fill(w, 2);
  CHECK(both() == before);  // as they were when first used
  products.begin();
  static_cast<void>(both());
  const auto after = both();
  CHECK(after[0] != before[0]);
  CHECK(after[1] != before[1]);
  fill(w, 3);
  products.begin();
  Tensor again = through(products, w, Transpose::no);
  CHECK(close(again, after[0] * Real{1.5}));
}

std::size_t allocations_of_products(Products& products, Tensor& parameters) {
  const TensorView w = parameters;
  Tensor x = randn({9, w.dim(1)}, 1), y = randn({9, w.dim(0)}, 2), square = zeros({w.dim(1), w.dim(0)});
  const auto step = [&] {
    products.begin();
    gemm(x, Transpose::no, w, Transpose::yes, y, 0, &products);
    gemm(y, Transpose::no, w, Transpose::no, x, 1, &products);
    gemm(x, Transpose::yes, y, Transpose::no, square, 0, &products);
  };
  step();
  step();
  const std::size_t before = allocations();
  step();
  return allocations() - before;
}

}  // namespace saccade::tests
