#include "core/ops/doubly_stochastic_penalty.hpp"

#include <array>
#include <vector>

#include "core/errors.hpp"
#include "core/ops/softmax.hpp"
#include "tests/support/allocations.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/check_grad.hpp"
#include "tests/support/messages.hpp"
#include "tests/support/tensors.hpp"

namespace saccade {
namespace {

using namespace tests;

using Steps = std::vector<Variable>;

TEST_CASE("the doubly stochastic penalty by hand", "[ops]") {
  Recording on;
  const Steps steps{on.input(tensor({2, 2}, {0.25, 0.75, 1, 0})), on.input(tensor({2, 2}, {0.5, 0.5, 0.5, 0.5}))};
  const TensorView mask = on.keep(tensor({2, 2}, {1, 1, 1, 0}));
  const Variable loss = ops::doubly_stochastic_penalty(steps, mask, 3, 4);
  on.tape().backward(loss);
  // 1 - s is (0.25, -0.25) for the first caption and, without its second step, (0, 1) for the second.
  CHECK(close(loss.value(), tensor({1}, {0.75 * (0.0625 + 0.0625 + 0 + 1)})));
  CHECK(close(steps[0].grad(), tensor({2, 2}, {-0.375, 0.375, 0, -1.5})));
  CHECK(close(steps[1].grad(), tensor({2, 2}, {-0.375, 0.375, 0, 0})));
}

TEST_CASE("no mask counts all steps", "[ops]") {
  Recording on;
  const Steps steps{on.input(randn({3, 4}, 1)), on.input(randn({3, 4}, 2)), on.constant(randn({3, 4}, 3))};
  Tensor ones = zeros({3, 3});
  ones.fill(1);
  const Variable masked = ops::doubly_stochastic_penalty(steps, on.keep(ones), 1, 3);
  const Variable loss = ops::doubly_stochastic_penalty(steps, {}, 1, 3);
  CHECK(close(loss.value(), to_tensor(masked.value()), 0));
  on.tape().backward(loss);
  CHECK_FALSE(steps[2].has_grad());
}

TEST_CASE("attention that covers each place once costs nothing", "[ops]") {
  Recording on;
  const Steps steps{on.input(tensor({1, 2}, {0.25, 0.75})), on.input(tensor({1, 2}, {0.75, 0.25}))};
  CHECK(ops::doubly_stochastic_penalty(steps, {}, 1, 1).value()[0] == 0);
}

TEST_CASE("the doubly stochastic penalty makes no heap allocation", "[ops]") {
  Tensor first = randn({3, 4}, 1), second = randn({3, 4}, 2);
  const ParameterStore store;
  Tape tape{store};
  const auto step = [&] {
    tape.begin(Tape::Mode::record);
    const std::array<Variable, 2> steps{tape.input(first), tape.input(second)};
    tape.backward(ops::doubly_stochastic_penalty(steps, {}, 1, 3));
  };
  step();
  step();
  const std::size_t before = allocations();
  step();
  CHECK(allocations() == before);
}

TEST_CASE("the doubly stochastic penalty refuses what does not fit", "[ops]") {
  Recording on;
  const Variable x = on.input(zeros({2, 3})), other = on.input(zeros({2, 4})), line = on.input(zeros({2}));
  const auto message = [](const Steps& steps, const TensorView& mask, std::size_t episodes) {
    return message_of<Error>([&] { (void)ops::doubly_stochastic_penalty(steps, mask, 1, episodes); });
  };
  CHECK(message({}, {}, 1) == "doubly_stochastic_penalty: expected at least one step, got none");
  CHECK(message({x}, {}, 0) == "doubly_stochastic_penalty: episodes must be at least 1, got 0");
  CHECK(message({x, other}, {}, 1) == "doubly_stochastic_penalty: weights must have shape [2, 3], got [2, 4]");
  CHECK(message({line}, {}, 1) == "doubly_stochastic_penalty: weights must have rank 2, got shape [2]");
  CHECK(message({x}, x.value(), 1) == "doubly_stochastic_penalty: mask must have shape [2, 1], got [2, 3]");
  CHECK_THROWS_AS(ops::doubly_stochastic_penalty(Steps{}, {}, 1, 1), ArgumentError);
  CHECK_THROWS_AS(ops::doubly_stochastic_penalty(Steps{line}, {}, 1, 1), ShapeError);
}

#ifdef SACCADE_REAL_DOUBLE
TEST_CASE("the gradient of the doubly stochastic penalty", "[grad]") {
  Tensor mask = tensor({2, 3}, {1, 1, 1, 1, 0, 0});
  const auto op = [&](Tape&, auto& in) {
    const Steps steps{ops::softmax(in[0]), in[1], ops::softmax(in[2])};
    return ops::doubly_stochastic_penalty(steps, mask, 0.7, 5);
  };
  CHECK(check_grad(op, {randn({2, 4}, 1), randn({2, 4}, 2), randn({2, 4}, 3)}));
}
#endif

}  // namespace
}  // namespace saccade
