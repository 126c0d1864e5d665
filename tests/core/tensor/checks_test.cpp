#include "core/tensor/checks.hpp"

#include "core/errors.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/messages.hpp"
#include "tests/support/tensors.hpp"

namespace saccade {
namespace {

using tests::message_of;

TEST_CASE("what fits passes the checks", "[checks]") {
  Tensor x = zeros({2, 3});
  CHECK_NOTHROW(check_rank("f", "x", x, 2));
  CHECK_NOTHROW(check_shape("f", "x", x, {2, 3}));
  CHECK_NOTHROW(check_dim("f", "x", x, 1, 3));
  CHECK_NOTHROW(check_size("f", "x", x, 6));
}

TEST_CASE("a failed check names function, argument, expected and got", "[checks]") {
  Tensor x = zeros({2, 3});
  CHECK(message_of<ShapeError>([&] { check_rank("f", "x", x, 1); }) == "f: x must have rank 1, got shape [2, 3]");
  CHECK(message_of<ShapeError>([&] { check_shape("f", "x", x, {3, 2}); }) == "f: x must have shape [3, 2], got [2, 3]");
  CHECK(message_of<ShapeError>([&] { check_dim("f", "x", x, 1, 2); }) ==
        "f: x must have extent 2 on axis 1, got shape [2, 3]");
  CHECK(message_of<ShapeError>([&] { check_dim("f", "x", x, 2, 3); }) ==
        "f: x must have extent 3 on axis 2, got shape [2, 3]");
  CHECK(message_of<ShapeError>([&] { check_size("f", "x", x, 5); }) == "f: x must have 5 elements, got shape [2, 3]");
}

}  // namespace
}  // namespace saccade
