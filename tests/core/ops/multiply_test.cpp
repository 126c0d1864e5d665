#include "core/ops/multiply.hpp"

#include "core/errors.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/check_grad.hpp"
#include "tests/support/messages.hpp"
#include "tests/support/tensors.hpp"

namespace saccade {
namespace {

using namespace tests;

TEST_CASE("multiply is the elementwise product", "[ops]") {
  Recording on;
  const Variable y = ops::multiply(on.input(tensor({2, 2}, {1, 2, 3, 4})), on.input(tensor({2, 2}, {10, 20, 30, 40})));
  CHECK(close(y.value(), tensor({2, 2}, {10, 40, 90, 160})));
}

TEST_CASE("scale multiplies by a number", "[ops]") {
  Recording on;
  CHECK(close(ops::scale(on.input(tensor({3}, {1, -2, 0})), Real{-1.5}).value(), tensor({3}, {-1.5, 3, 0})));
}

TEST_CASE("multiply refuses different shapes", "[ops]") {
  Recording on;
  const Variable a = on.input(zeros({2, 3})), b = on.input(zeros({6}));
  CHECK(message_of<ShapeError>([&] { (void)ops::multiply(a, b); }) == "multiply: b must have shape [2, 3], got [6]");
}

#ifdef SACCADE_REAL_DOUBLE
TEST_CASE("the gradient of multiply and scale", "[grad]") {
  for (const Shape& shape : {Shape{1}, Shape{7}, Shape{2, 3}, Shape{2, 3, 17}}) {
    CHECK(check_grad([](Tape&, auto& in) { return ops::multiply(in[0], in[1]); }, {randn(shape, 1), randn(shape, 2)}));
    CHECK(check_grad([](Tape&, auto& in) { return ops::multiply(in[0], in[0]); }, {randn(shape, 1)}));
    CHECK(check_grad([](Tape&, auto& in) { return ops::scale(in[0], -0.7); }, {randn(shape, 1)}));
  }
}
#endif

}  // namespace
}  // namespace saccade
