#include "core/ops/log_sum_exp.hpp"

#include <cmath>
#include <limits>

#include "core/errors.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/check_grad.hpp"
#include "tests/support/tensors.hpp"

namespace saccade {
namespace {

using namespace tests;

TEST_CASE("log_sum_exp adds up probabilities", "[ops]") {
  Recording on;
  const Real never = -std::numeric_limits<Real>::infinity();
  const Variable x = on.input(tensor({3, 2}, {std::log(Real{0.25}), std::log(Real{0.5}), 1000, 1000, never, 2}));
  const TensorView y = ops::log_sum_exp(x).value();
  CHECK(y[0] == Approx(std::log(0.75)));
  CHECK(y[1] == Approx(1000 + std::log(2.0)));
  CHECK(y[2] == Approx(2));
  CHECK_THROWS_AS(ops::log_sum_exp(on.input(zeros({2}))), ShapeError);
}

#ifdef SACCADE_REAL_DOUBLE
TEST_CASE("the gradient of log_sum_exp", "[grad]") {
  CHECK(check_grad([](Tape&, auto& in) { return ops::log_sum_exp(in[0]); }, {randn({3, 4}, 1)}));
}
#endif

}  // namespace
}  // namespace saccade
