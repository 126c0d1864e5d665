#include "core/tensor/products.hpp"

#include "core/autograd/tape.hpp"
#include "core/errors.hpp"
#include "core/nn/lstm_cell.hpp"
#include "core/tensor/bfloat16.hpp"
#include "tests/support/allocations.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/messages.hpp"
#include "tests/support/products.hpp"
#include "tests/support/tensors.hpp"

namespace saccade {
namespace {

using namespace tests;

TEST_CASE("emulated products are products of rounded operands", "[products]") {
  Tensor none = zeros({0});
  const auto products = make_products(Precision::bfloat16_emulated, none);
  check_products(*products, rounded_to_bfloat16);
}

TEST_CASE("rounding the operands shows", "[products]") {
  Tensor none = zeros({0});
  const auto products = make_products(Precision::bfloat16_emulated, none);
  Tensor a = tensor({1, 1}, {1.001}), b = tensor({1, 1}, {3}), c = zeros({1, 1});
  gemm(a, Transpose::no, b, Transpose::no, c, 0, products.get());
  CHECK(c(0, 0) == 3);
}

TEST_CASE("emulated products round parameters once a step", "[products]") {
  Tensor parameters = randn({6, 5}, 1);
  const auto products = make_products(Precision::bfloat16_emulated, parameters);
  check_parameters_are_kept(*products, parameters);
}

TEST_CASE("warmed-up emulated products make no heap allocation", "[products]") {
  Tensor parameters = randn({6, 5}, 1);
  const auto products = make_products(Precision::bfloat16_emulated, parameters);
  CHECK(allocations_of_products(*products, parameters) == 0);
}

TEST_CASE("products of float32 are those of BLAS", "[products]") {
  Tensor none = zeros({0});
  CHECK(make_products(Precision::float32, none) == nullptr);
}

TEST_CASE("bfloat16 products are made or refused with the reason", "[products]") {
  Tensor none = zeros({0});
  const std::string reason = reason_against(Precision::bfloat16, product_support());
  if (reason.empty()) {
    CHECK(make_products(Precision::bfloat16, none) != nullptr);
  } else {
    CHECK(message_of<ArgumentError>([&] { static_cast<void>(make_products(Precision::bfloat16, none)); }) == reason);
  }
}

TEST_CASE("all products of a tape have the precision of its parameters, and two tapes do not mix", "[products]") {
  ParameterStore store;
  const nn::LstmCell cell(nn::Scope(store, 1), 3, 4);
  const Tape plain(store);
  store.set_precision(Precision::bfloat16_emulated);
  const Tape emulated(store);
  CHECK(plain.products() == nullptr);
  CHECK(emulated.products() != nullptr);
}

}  // namespace
}  // namespace saccade
