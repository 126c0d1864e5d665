#include "core/ops/relu.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "tests/support/catch.hpp"
#include "tests/support/check_grad.hpp"
#include "tests/support/tensors.hpp"

namespace saccade {
namespace {

using namespace tests;

TEST_CASE("relu cuts off what is negative", "[ops]") {
  Recording on;
  const Variable y = ops::relu(on.input(tensor({2, 2}, {-1, 0, 2, -1e30})));
  CHECK(close(y.value(), tensor({2, 2}, {0, 0, 2, 0}), 0));
}

TEST_CASE("the gradient of relu at 0 is 0", "[ops]") {
  Recording on;
  const Variable x = on.input(tensor({3}, {-1, 0, 1}));
  on.tape().backward(ops::relu(x), on.keep(tensor({3}, {5, 5, 5})));
  CHECK(close(x.grad(), tensor({3}, {0, 0, 5}), 0));
}

TEST_CASE("relu does not hide what is not a number", "[ops]") {
  const Real nan = std::numeric_limits<Real>::quiet_NaN();
  Recording on;
  Tensor x = zeros({35});
  x.fill(nan);
  const Variable y = ops::relu(on.input(x));
  CHECK(std::all_of(y.value().begin(), y.value().end(), [](Real e) { return std::isnan(e); }));
}

#ifdef SACCADE_REAL_DOUBLE
TEST_CASE("the gradient of relu", "[grad]") {
  for (const Shape& shape : {Shape{1}, Shape{7}, Shape{2, 3}, Shape{2, 3, 17}}) {
    CHECK(check_grad([](Tape&, auto& in) { return ops::relu(in[0]); }, {away_from_zero(randn(shape, 1))}));
  }
}
#endif

}  // namespace
}  // namespace saccade
