#include "core/ops/log_softmax.hpp"

#include <cmath>

#include "core/errors.hpp"
#include "core/ops/sum.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/check_grad.hpp"
#include "tests/support/messages.hpp"
#include "tests/support/tensors.hpp"

namespace saccade {
namespace {

using namespace tests;

TEST_CASE("log_softmax agrees with its formula", "[ops]") {
  Recording on;
  Tensor x = randn({3, 19}, 1);
  Tensor expected = x;
  for (std::size_t n = 0; n < 3; ++n) {
    double sum = 0;
    for (std::size_t k = 0; k < 19; ++k) sum += std::exp(double{x(n, k)});
    for (std::size_t k = 0; k < 19; ++k) expected(n, k) = static_cast<Real>(double{x(n, k)} - std::log(sum));
  }
  CHECK(close(ops::log_softmax(on.input(x)).value(), expected));
}

TEST_CASE("log_softmax takes logits of any magnitude", "[ops]") {
  Recording on;
  const Variable x = on.input(tensor({3, 3}, {1e30, 0, -1e30, 1000, 1000, 1000, -1e30, -1e30, -1e30}));
  const Variable y = ops::log_softmax(x);
  on.tape().backward(ops::sum(y));
  const double third = -std::log(3.0);
  CHECK(close(y.value(), tensor({3, 3}, {0, -1e30, -2e30, third, third, third, third, third, third})));
  CHECK(close(x.grad(), tensor({3, 3}, {-2, 1, 1, 0, 0, 0, 0, 0, 0})));
}

TEST_CASE("log_softmax of one class is 0 and of no axis an error", "[ops]") {
  Recording on;
  CHECK(close(ops::log_softmax(on.input(randn({4, 1}, 1))).value(), zeros({4, 1}), 0));
  Real number = 0;
  const Variable scalar = on.tape().constant(TensorView{&number, {}});
  CHECK(has(message_of<ShapeError>([&] { (void)ops::log_softmax(scalar); }), "log_softmax: logits"));
}

#ifdef SACCADE_REAL_DOUBLE
TEST_CASE("the gradient of log_softmax", "[grad]") {
  for (const Shape& shape : {Shape{1}, Shape{7}, Shape{2, 3}, Shape{2, 3, 17}}) {
    CHECK(check_grad([](Tape&, auto& in) { return ops::log_softmax(in[0]); }, {randn(shape, 1)}));
  }
}
#endif

}  // namespace
}  // namespace saccade
