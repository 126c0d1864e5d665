#include "core/ops/scale_rows.hpp"

#include "core/errors.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/check_grad.hpp"
#include "tests/support/tensors.hpp"

namespace saccade {
namespace {

using namespace tests;

TEST_CASE("each row has its factor", "[ops]") {
  Recording on;
  const Variable x = on.input(tensor({2, 2}, {1, 2, 3, 4}));
  const Variable factors = on.input(tensor({2, 1}, {10, -1}));
  CHECK(close(ops::scale_rows(x, factors).value(), tensor({2, 2}, {10, 20, -3, -4}), 0));
  CHECK_THROWS_AS(ops::scale_rows(x, x), ShapeError);
  CHECK_THROWS_AS(ops::scale_rows(on.input(zeros({2})), factors), ShapeError);
}

#ifdef SACCADE_REAL_DOUBLE
TEST_CASE("the gradient of scaled rows", "[grad]") {
  CHECK(
      check_grad([](Tape&, auto& in) { return ops::scale_rows(in[0], in[1]); }, {randn({3, 4}, 1), randn({3, 1}, 2)}));
}
#endif

}  // namespace
}  // namespace saccade
