#include "core/ops/reshape.hpp"

#include "core/errors.hpp"
#include "core/ops/multiply.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/check_grad.hpp"
#include "tests/support/messages.hpp"
#include "tests/support/tensors.hpp"

namespace saccade {
namespace {

using namespace tests;

TEST_CASE("reshape keeps the elements and their memory", "[ops]") {
  Recording on;
  const Variable x = on.input(tensor({2, 3}, {1, 2, 3, 4, 5, 6}));
  const Variable y = ops::reshape(x, {3, 1, 2});
  CHECK(close(y.value(), tensor({3, 1, 2}, {1, 2, 3, 4, 5, 6}), 0));
  CHECK(y.value().data() == x.value().data());
}

TEST_CASE("reshape refuses another number of elements", "[ops]") {
  Recording on;
  const Variable x = on.input(zeros({2, 3}));
  CHECK(has(message_of<ShapeError>([&] { (void)ops::reshape(x, {2, 2}); }), "expected 6 elements, got shape [2, 2]"));
}

#ifdef SACCADE_REAL_DOUBLE
TEST_CASE("the gradient of reshape", "[grad]") {
  CHECK(check_grad([](Tape&, auto& in) { return ops::reshape(in[0], {6, 2}); }, {randn({2, 3, 2}, 1)}));
  CHECK(check_grad(
      [](Tape&, auto& in) {
        return ops::multiply(in[0], ops::reshape(in[1], {3, 2}));
      },
      {randn({3, 2}, 1), randn({6}, 2)}));
}
#endif

}  // namespace
}  // namespace saccade
