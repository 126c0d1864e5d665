#include "core/ops/sigmoid.hpp"

#include <cmath>

#include "core/ops/sum.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/check_grad.hpp"
#include "tests/support/tensors.hpp"

namespace saccade {
namespace {

using namespace tests;

TEST_CASE("sigmoid agrees with its formula", "[ops]") {
  Recording on;
  Tensor x = uniform({3, 33}, -8, 8, 1);
  Tensor expected = x;
  for (Real& v : expected) v = static_cast<Real>(1 / (1 + std::exp(-v)));
  CHECK(close(ops::sigmoid(on.input(x)).value(), expected));
}

TEST_CASE("sigmoid saturates at its limits", "[ops]") {
  Recording on;
  const Variable x = on.input(tensor({4}, {-1e30, -200, 200, 1e30}));
  const Variable y = ops::sigmoid(x);
  on.tape().backward(ops::sum(y));
  CHECK(close(y.value(), tensor({4}, {0, 0, 1, 1})));
  CHECK(close(x.grad(), zeros({4})));
}

#ifdef SACCADE_REAL_DOUBLE
TEST_CASE("the gradient of sigmoid", "[grad]") {
  for (const Shape& shape : {Shape{1}, Shape{7}, Shape{2, 3}, Shape{2, 3, 17}}) {
    CHECK(check_grad([](Tape&, auto& in) { return ops::sigmoid(in[0]); }, {randn(shape, 1)}));
  }
}
#endif

}  // namespace
}  // namespace saccade
