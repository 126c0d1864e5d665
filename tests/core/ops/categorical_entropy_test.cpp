#include "core/ops/categorical_entropy.hpp"

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

TEST_CASE("categorical_entropy of known distributions", "[ops]") {
  Recording on;
  const double half = std::log(2.0);
  const Variable logits = on.input(tensor({3, 4}, {7, 7, 7, 7, 0, 0, -1000, -1000, 1000, 0, 0, 0}));
  CHECK(close(ops::categorical_entropy(logits).value(), tensor({3}, {2 * half, half, 0})));
  const double p = 0.25;
  const Variable quarter = on.input(tensor({1, 2}, {std::log(p), std::log(1 - p)}));
  const double expected = -p * std::log(p) - (1 - p) * std::log(1 - p);
  CHECK(close(ops::categorical_entropy(quarter).value(), tensor({1}, {expected})));
}

TEST_CASE("categorical_entropy stays finite for extreme logits", "[ops]") {
  Recording on;
  const Variable logits = on.input(tensor({2, 2}, {1e30, -1e30, 1e30, 1e30}));
  const Variable y = ops::categorical_entropy(logits);
  on.tape().backward(ops::sum(y));
  CHECK(all_finite(y.value()));
  CHECK(all_finite(logits.grad()));
}

TEST_CASE("categorical_entropy takes a matrix", "[ops]") {
  Recording on;
  CHECK(has(message_of<ShapeError>([&] { (void)ops::categorical_entropy(on.input(zeros({4}))); }),
            "categorical_entropy: logits"));
}

#ifdef SACCADE_REAL_DOUBLE
TEST_CASE("the gradient of categorical_entropy", "[grad]") {
  const auto op = [](Tape&, auto& in) { return ops::categorical_entropy(in[0]); };
  for (const Shape& shape : {Shape{1, 1}, Shape{3, 2}, Shape{2, 17}}) CHECK(check_grad(op, {randn(shape, 1)}));
}
#endif

}  // namespace
}  // namespace saccade
