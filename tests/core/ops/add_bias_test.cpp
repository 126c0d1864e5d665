#include "core/ops/add_bias.hpp"

#include "core/errors.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/check_grad.hpp"
#include "tests/support/tensors.hpp"

namespace saccade {
namespace {

using namespace tests;

TEST_CASE("each row gets the same", "[ops]") {
  Recording on;
  const Variable x = on.input(tensor({2, 2}, {1, 2, 3, 4}));
  CHECK(close(ops::add_bias(x, on.input(tensor({2}, {10, 20}))).value(), tensor({2, 2}, {11, 22, 13, 24}), 0));
  CHECK_THROWS_AS(ops::add_bias(x, on.input(zeros({3}))), ShapeError);
}

#ifdef SACCADE_REAL_DOUBLE
TEST_CASE("the gradient of add_bias", "[grad]") {
  CHECK(check_grad([](Tape&, auto& in) { return ops::add_bias(in[0], in[1]); }, {randn({2, 3, 4}, 1), randn({4}, 2)}));
}
#endif

}  // namespace
}  // namespace saccade
