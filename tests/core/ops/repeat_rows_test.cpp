#include "core/ops/repeat_rows.hpp"

#include "core/errors.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/check_grad.hpp"
#include "tests/support/tensors.hpp"

namespace saccade {
namespace {

using namespace tests;

TEST_CASE("rows are repeated side by side", "[ops]") {
  Recording on;
  const Variable x = on.input(tensor({2, 2}, {1, 2, 3, 4}));
  CHECK(close(ops::repeat_rows(x, 2).value(), tensor({4, 2}, {1, 2, 1, 2, 3, 4, 3, 4}), 0));
  CHECK_THROWS_AS(ops::repeat_rows(x, 0), ArgumentError);
  CHECK_THROWS_AS(ops::repeat_rows(on.input(zeros({2})), 2), ShapeError);
}

#ifdef SACCADE_REAL_DOUBLE
TEST_CASE("the gradient of repeated rows", "[grad]") {
  CHECK(check_grad([](Tape&, auto& in) { return ops::repeat_rows(in[0], 3); }, {randn({3, 2}, 1)}));
}
#endif

}  // namespace
}  // namespace saccade
