#include "core/ops/sum.hpp"

#include "core/errors.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/check_grad.hpp"
#include "tests/support/messages.hpp"
#include "tests/support/tensors.hpp"

namespace saccade {
namespace {

using namespace tests;

TEST_CASE("sum, mean and weighted_sum reduce to one number", "[ops]") {
  Recording on;
  const Variable x = on.input(tensor({2, 2}, {1, 2, 3, -4}));
  CHECK(close(ops::sum(x).value(), tensor({1}, {2})));
  CHECK(close(ops::mean(x).value(), tensor({1}, {0.5})));
  CHECK(close(ops::weighted_sum(x, on.keep(tensor({4}, {1, 0, 2, 1}))).value(), tensor({1}, {3})));
}

TEST_CASE("the sum and mean of nothing are 0", "[ops]") {
  Recording on;
  const Variable nothing = on.input(zeros({0, 3}));
  CHECK(close(ops::sum(nothing).value(), zeros({1}), 0));
  CHECK(close(ops::mean(nothing).value(), zeros({1}), 0));
}

TEST_CASE("weighted_sum refuses weights of another size", "[ops]") {
  Recording on;
  const Variable x = on.input(zeros({2, 2}));
  const TensorView weights = on.keep(zeros({3}));
  CHECK(message_of<ShapeError>([&] { (void)ops::weighted_sum(x, weights); }) ==
        "weighted_sum: weights must have 4 elements, got shape [3]");
}

#ifdef SACCADE_REAL_DOUBLE
TEST_CASE("the gradient of sum, mean and weighted_sum", "[grad]") {
  for (const Shape& shape : {Shape{1}, Shape{7}, Shape{2, 3}, Shape{2, 3, 17}}) {
    Tensor weights = randn(shape, 9);
    CHECK(check_grad([](Tape&, auto& in) { return ops::sum(in[0]); }, {randn(shape, 1)}));
    CHECK(check_grad([](Tape&, auto& in) { return ops::mean(in[0]); }, {randn(shape, 1)}));
    CHECK(check_grad([&](Tape&, auto& in) { return ops::weighted_sum(in[0], weights); }, {randn(shape, 1)}));
  }
}
#endif

}  // namespace
}  // namespace saccade
