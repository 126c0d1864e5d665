#include "core/tensor/products.hpp"

#include <algorithm>

#include "core/autograd/tape.hpp"
#include "core/errors.hpp"
#include "core/nn/linear.hpp"
#include "core/ops/matmul.hpp"
#include "core/ops/sum.hpp"
#include "core/tensor/packed_products.hpp"
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

TEST_CASE("products of float32 are those of the kernel, where there is one, or of BLAS", "[products]") {
  Tensor none = zeros({0});
  CHECK((make_products(Precision::float32, none) != nullptr) == packed_kernel().has_value());
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

TEST_CASE("two tapes of different precision do not mix", "[products]") {
  ParameterStore store;
  store.add("weight", {2, 2});
  const Tape plain(store);
  store.set_precision(Precision::bfloat16_emulated);
  const Tape emulated(store);
  Tensor one = tensor({1, 1}, {1.001}), three = tensor({1, 1}, {3}), c = zeros({1, 1});
  gemm(one, Transpose::no, three, Transpose::no, c, 0, plain.products());
  CHECK(c(0, 0) != 3);
  gemm(one, Transpose::no, three, Transpose::no, c, 0, emulated.products());
  CHECK(c(0, 0) == 3);
}

TEST_CASE("all products of a tape, forward and backward, have its precision", "[products]") {
  ParameterStore store;
  const nn::Linear layer(nn::Scope(store, 1), 3, 3);
  store.set_precision(Precision::bfloat16_emulated);
  Tape tape(store);
  tape.begin(Tape::Mode::record);
  Tensor x = randn({2, 3}, 1);
  const GemmRecording recording;
  const Variable y = layer(layer(tape.input(x)));
  tape.backward(ops::sum(ops::matmul(y, tape[store.find("weight")])));
  CHECK(recording.calls().size() == 8);
  CHECK(std::all_of(recording.calls().begin(), recording.calls().end(),
                    [&](const GemmCall& call) { return call.products == tape.products(); }));
}

TEST_CASE("a tape that begins anew sees what became of its parameters", "[products]") {
  ParameterStore store;
  const Parameter weight = store.add("weight", {1, 1});
  store.set_precision(Precision::bfloat16_emulated);
  Tape tape(store);
  Tensor one = tensor({1, 1}, {1});
  for (const Real value : {Real{2}, Real{3}}) {
    fill(store.value(weight), value);
    tape.begin(Tape::Mode::infer);
    CHECK(ops::matmul(tape.constant(one), tape[weight]).value()[0] == value);
  }
}

}  // namespace
}  // namespace saccade
