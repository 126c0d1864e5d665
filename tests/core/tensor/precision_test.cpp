#include "core/tensor/precision.hpp"

#include "core/tensor/packed_products.hpp"

#include "core/errors.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/messages.hpp"

namespace saccade {
namespace {

using namespace tests;

constexpr ProductSupport all_there{true, {true, true}};
constexpr ProductSupport no_one_dnn{false, {true, true}};
constexpr ProductSupport narrow_cpu{true, {true, false}};

TEST_CASE("precisions have the names of configurations", "[precision]") {
  for (const std::string_view word : precision_names()) CHECK(name(precision_of(word)) == word);
  CHECK(precision_of("float32") == Precision::float32);
  CHECK(precision_of("bfloat16") == Precision::bfloat16);
  CHECK(precision_of("bfloat16_emulated") == Precision::bfloat16_emulated);
  CHECK(message_of<ArgumentError>([] { static_cast<void>(precision_of("float16")); }) ==
        "precision_of: expected one of float32, bfloat16, bfloat16_emulated, got float16");
}

TEST_CASE("bfloat16 is refused where build or CPU lack it, and nothing else is", "[precision]") {
  CHECK(reason_against(Precision::bfloat16, all_there).empty());
  CHECK(reason_against(Precision::bfloat16, no_one_dnn) ==
        "bfloat16 needs oneDNN, which this build lacks (Debian: libdnnl-dev; CMake: SACCADE_ONEDNN=ON); "
        "bfloat16_emulated gives the same numbers on any CPU, without the speed");
  CHECK(reason_against(Precision::bfloat16, narrow_cpu) ==
        "bfloat16 needs AVX-512 (avx512_core) or AMX, which this CPU lacks; "
        "bfloat16_emulated gives the same numbers on any CPU, without the speed");
  for (const Precision precision : {Precision::float32, Precision::bfloat16_emulated}) {
    CHECK(reason_against(precision, {}).empty());
  }
}

TEST_CASE("what was trained elsewhere is used in the nearest precision", "[precision]") {
  CHECK(nearest_to(Precision::bfloat16, all_there) == Precision::bfloat16);
  CHECK(nearest_to(Precision::bfloat16, narrow_cpu) == Precision::bfloat16_emulated);
  CHECK(nearest_to(Precision::float32, {}) == Precision::float32);
}

TEST_CASE("records tell what computes products", "[precision]") {
  const std::optional<std::string> kernel = packed_kernel();
  CHECK(products_by(Precision::float32) ==
        (kernel ? "OpenBLAS, those of parameters by Saccade (" + *kernel + ")" : "OpenBLAS"));
  CHECK(products_by(Precision::bfloat16_emulated) == "OpenBLAS on operands rounded to bfloat16");
  CHECK(has(products_by(Precision::bfloat16), "oneDNN "));
}

}  // namespace
}  // namespace saccade
