#include "core/tensor/one_dnn.hpp"

#include <vector>

#include "core/errors.hpp"
#include "core/parallel/workers.hpp"
#include "core/tensor/products.hpp"
#include "tests/support/allocations.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/messages.hpp"
#include "tests/support/products.hpp"
#include "tests/support/skip.hpp"
#include "tests/support/tensors.hpp"

namespace saccade {
namespace {

using namespace tests;

std::string no_one_dnn() { return one_dnn_version() ? "" : "no oneDNN in this build, or a build of double"; }

/// Why this machine cannot multiply such operands.
std::string reason_to_skip_operands(OneDnnOperands operands) {
  std::string reason = no_one_dnn();
  if (!reason.empty() || operands == OneDnnOperands::float32) return reason;
  return reason_against(Precision::bfloat16, product_support());
}

TEST_CASE("oneDNN multiplies float32 as a loop does", "[one_dnn]") {
  if (skipped(reason_to_skip_operands(OneDnnOperands::float32))) return;
  Tensor none = zeros({0});
  check_products(*make_one_dnn_products(OneDnnOperands::float32, none), unrounded);
}

TEST_CASE("oneDNN multiplies bfloat16 as a loop on rounded operands does", "[one_dnn]") {
  if (skipped(reason_to_skip_operands(OneDnnOperands::bfloat16))) return;
  Tensor none = zeros({0});
  check_products(*make_one_dnn_products(OneDnnOperands::bfloat16, none), rounded_to_bfloat16);
}

TEST_CASE("oneDNN packs float32 parameters once a step", "[one_dnn]") {
  if (skipped(reason_to_skip_operands(OneDnnOperands::float32))) return;
  Tensor parameters = randn({70, 33}, 1);
  check_parameters_are_kept(*make_one_dnn_products(OneDnnOperands::float32, parameters), parameters);
}

TEST_CASE("oneDNN packs bfloat16 parameters once a step", "[one_dnn]") {
  if (skipped(reason_to_skip_operands(OneDnnOperands::bfloat16))) return;
  Tensor parameters = randn({70, 33}, 1);
  check_parameters_are_kept(*make_one_dnn_products(OneDnnOperands::bfloat16, parameters), parameters);
}

TEST_CASE("products by oneDNN allocate the same at each warmed-up step", "[one_dnn]") {
  if (skipped(reason_to_skip_operands(OneDnnOperands::float32))) return;
  Tensor parameters = randn({6, 5}, 1);
  const auto products = make_one_dnn_products(OneDnnOperands::float32, parameters);
  const std::size_t first = allocations_of_products(*products, parameters);
  CHECK(allocations_of_products(*products, parameters) == first);
}

TEST_CASE("products by oneDNN can go from thread to thread and work side by side", "[one_dnn]") {
  if (skipped(reason_to_skip_operands(OneDnnOperands::float32))) return;
  constexpr std::size_t lanes = 4;
  Tensor parameters = randn({70, 33}, 1), x = randn({17, 33}, 2);
  std::vector<std::unique_ptr<Products>> products;
  std::vector<Tensor> y(lanes, zeros({17, 70}));
  for (std::size_t i = 0; i < lanes; ++i) {
    products.push_back(make_one_dnn_products(OneDnnOperands::float32, parameters));
  }
  parallel::Workers workers(3);
  for (std::size_t step = 0; step < 50; ++step) {
    workers.for_each(lanes, [&](std::size_t i) {
      products[i]->begin();
      gemm(x, Transpose::no, parameters, Transpose::yes, y[i], 1, products[i].get());
    });
  }
  for (std::size_t i = 1; i < lanes; ++i) CHECK(close(y[i], y[0], 0));
  Tensor expected = zeros({17, 70});
  gemm(x, Transpose::no, parameters, Transpose::yes, expected);
  CHECK(close(y[0], expected * Real{50}, 50 * rounding));
}

TEST_CASE("oneDNN without a kernel for the CPU is an error of ours", "[one_dnn]") {
  const std::string reason = no_one_dnn();
  if (skipped(reason)) return;
  if (skipped(product_support().cpu.avx512 ? "this CPU has kernels for all" : "")) return;
  Tensor none = zeros({0}), a = randn({2, 3}, 1), b = randn({3, 4}, 2), c = zeros({2, 4});
  const auto products = make_one_dnn_products(OneDnnOperands::bfloat16, none);
  const std::string message =
      message_of<ArgumentError>([&] { gemm(a, Transpose::no, b, Transpose::no, c, 0, products.get()); });
  CHECK(message ==
        "oneDNN: could not create a primitive descriptor iterator for a product of [2, 3] and [3, 4] on this CPU");
}

TEST_CASE("a build without oneDNN says so", "[one_dnn]") {
  if (skipped(one_dnn_version() ? "this build has oneDNN" : "")) return;
  Tensor none = zeros({0});
  const auto make = [&] { static_cast<void>(make_one_dnn_products(OneDnnOperands::float32, none)); };
  CHECK(message_of<ArgumentError>(make) == "make_one_dnn_products: this build has no oneDNN");
}

TEST_CASE("oneDNN names its version and instructions", "[one_dnn]") {
  if (skipped(no_one_dnn())) return;
  const std::string version = *one_dnn_version();
  INFO(version);
  CHECK(has(version, "2."));
  CHECK(has(version, " ("));
  CHECK_FALSE(has(version, "cpu_isa"));
}

}  // namespace
}  // namespace saccade
