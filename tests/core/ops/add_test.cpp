#include "core/ops/add.hpp"

#include "core/errors.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/check_grad.hpp"
#include "tests/support/messages.hpp"
#include "tests/support/tensors.hpp"

namespace saccade {
namespace {

using namespace tests;

TEST_CASE("add is the elementwise sum", "[ops]") {
  Recording on;
  const Variable y = ops::add(on.input(tensor({2, 2}, {1, 2, 3, 4})), on.input(tensor({2, 2}, {10, 20, 30, 40})));
  CHECK(close(y.value(), tensor({2, 2}, {11, 22, 33, 44})));
}

TEST_CASE("add refuses different shapes", "[ops]") {
  Recording on;
  const Variable a = on.input(zeros({2, 3})), b = on.input(zeros({3, 2}));
  CHECK(message_of<ShapeError>([&] { (void)ops::add(a, b); }) == "add: b must have shape [2, 3], got [3, 2]");
}

#ifdef SACCADE_REAL_DOUBLE
TEST_CASE("the gradient of add", "[grad]") {
  for (const Shape& shape : {Shape{1}, Shape{7}, Shape{2, 3}, Shape{2, 3, 17}}) {
    CHECK(check_grad([](Tape&, auto& in) { return ops::add(in[0], in[1]); }, {randn(shape, 1), randn(shape, 2)}));
    CHECK(check_grad([](Tape&, auto& in) { return ops::add(in[0], in[0]); }, {randn(shape, 1)}));
  }
}
#endif

}  // namespace
}  // namespace saccade
