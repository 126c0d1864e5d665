#include "core/ops/stack.hpp"

#include <array>

#include "core/errors.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/check_grad.hpp"
#include "tests/support/tensors.hpp"

namespace saccade {
namespace {

using namespace tests;

TEST_CASE("stack puts steps on top of one another", "[ops]") {
  Recording on;
  const std::array<Variable, 2> xs{on.input(tensor({1, 2}, {1, 2})), on.input(tensor({1, 2}, {3, 4}))};
  CHECK(close(ops::stack(xs).value(), tensor({2, 2}, {1, 2, 3, 4}), 0));
}

TEST_CASE("stack refuses what does not fit", "[ops]") {
  Recording on;
  const std::array<Variable, 2> xs{on.input(zeros({1, 2})), on.input(zeros({2, 2}))};
  CHECK_THROWS_AS(ops::stack(xs), ShapeError);
  CHECK_THROWS_AS(ops::stack({}), ArgumentError);
}

#ifdef SACCADE_REAL_DOUBLE
TEST_CASE("the gradient of stack", "[grad]") {
  CHECK(check_grad([](Tape&, auto& in) { return ops::stack(in); }, {randn({3, 2}, 1), randn({3, 2}, 2)}));
}
#endif

}  // namespace
}  // namespace saccade
