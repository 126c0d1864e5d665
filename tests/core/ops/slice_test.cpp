#include "core/ops/slice.hpp"

#include <limits>

#include "core/errors.hpp"
#include "core/ops/add.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/check_grad.hpp"
#include "tests/support/messages.hpp"
#include "tests/support/tensors.hpp"

namespace saccade {
namespace {

using namespace tests;

TEST_CASE("slice is a range of the last axis", "[ops]") {
  Recording on;
  const Variable x = on.input(tensor({2, 3}, {1, 2, 3, 4, 5, 6}));
  CHECK(close(ops::slice(x, 1, 2).value(), tensor({2, 2}, {2, 3, 5, 6}), 0));
  CHECK(close(ops::slice(x, 0, 3).value(), tensor({2, 3}, {1, 2, 3, 4, 5, 6}), 0));
  CHECK(ops::slice(x, 3, 0).shape() == Shape{2, 0});
  CHECK(close(ops::slice(on.input(tensor({3}, {1, 2, 3})), 2, 1).value(), tensor({1}, {3}), 0));
}

TEST_CASE("slice refuses a range that is not there", "[ops]") {
  Recording on;
  const Variable x = on.input(zeros({2, 3}));
  CHECK(message_of<ShapeError>([&] { (void)ops::slice(x, 2, 2); }) ==
        "slice: expected a range within the last axis of [2, 3], got 2 to 4");
  CHECK_THROWS_AS(ops::slice(x, std::numeric_limits<std::size_t>::max(), 1), ShapeError);
  Real number = 0;
  CHECK_THROWS_AS(ops::slice(on.tape().constant(TensorView{&number, {}}), 0, 1), ShapeError);
}

#ifdef SACCADE_REAL_DOUBLE
TEST_CASE("the gradient of slice", "[grad]") {
  CHECK(check_grad([](Tape&, auto& in) { return ops::slice(in[0], 1, 2); }, {randn({3, 4}, 1)}));
  CHECK(check_grad([](Tape&, auto& in) { return ops::slice(in[0], 0, 5); }, {randn({2, 2, 5}, 1)}));
  CHECK(check_grad([](Tape&, auto& in) { return ops::add(ops::slice(in[0], 0, 3), ops::slice(in[0], 1, 3)); },
                   {randn({2, 4}, 1)}));
}
#endif

}  // namespace
}  // namespace saccade
