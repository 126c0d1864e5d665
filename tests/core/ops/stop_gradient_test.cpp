#include "core/ops/stop_gradient.hpp"

#include "core/ops/multiply.hpp"
#include "core/ops/sum.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/tensors.hpp"

namespace saccade {
namespace {

using namespace tests;

TEST_CASE("stop_gradient is the same value without a gradient", "[ops]") {
  Recording on;
  const Variable x = on.input(tensor({2, 2}, {1, 2, 3, 4}));
  const Variable y = ops::stop_gradient(x);
  CHECK(close(y.value(), tensor({2, 2}, {1, 2, 3, 4}), 0));
  CHECK(y.value().data() == x.value().data());
  CHECK_FALSE(y.requires_grad());
  on.tape().backward(ops::sum(ops::multiply(y, y)));
  CHECK(close(x.grad(), zeros({2, 2}), 0));
}

}  // namespace
}  // namespace saccade
