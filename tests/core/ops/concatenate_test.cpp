#include "core/ops/concatenate.hpp"

#include "core/errors.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/check_grad.hpp"
#include "tests/support/messages.hpp"
#include "tests/support/tensors.hpp"

namespace saccade {
namespace {

using namespace tests;

TEST_CASE("concatenate joins along the last axis", "[ops]") {
  Recording on;
  const Variable a = on.input(tensor({2, 2}, {1, 2, 5, 6}));
  const Variable b = on.input(tensor({2, 1}, {3, 7}));
  CHECK(close(ops::concatenate({a, b}).value(), tensor({2, 3}, {1, 2, 3, 5, 6, 7}), 0));
  CHECK(close(ops::concatenate({a}).value(), tensor({2, 2}, {1, 2, 5, 6}), 0));
  CHECK(close(ops::concatenate({b, b, b}).value(), tensor({2, 3}, {3, 3, 3, 7, 7, 7}), 0));
  const Variable nothing = on.input(zeros({2, 0}));
  CHECK(close(ops::concatenate({nothing, a}).value(), tensor({2, 2}, {1, 2, 5, 6}), 0));
  const Variable line = on.input(tensor({2}, {1, 2}));
  CHECK(close(ops::concatenate({line, line}).value(), tensor({4}, {1, 2, 1, 2}), 0));
}

TEST_CASE("concatenate refuses what does not fit", "[ops]") {
  Recording on;
  const Variable a = on.input(zeros({2, 3})), b = on.input(zeros({3, 3})), c = on.input(zeros({3}));
  const auto joined = [](std::initializer_list<Variable> xs) {
    return message_of<Error>([&] { (void)ops::concatenate(xs); });
  };
  CHECK(joined({a, b}) == "concatenate: xs must have extent 2 on axis 0, got shape [3, 3]");
  CHECK(joined({a, c}) == "concatenate: xs must have rank 2, got shape [3]");
  CHECK_THROWS_AS(ops::concatenate({}), ArgumentError);
  CHECK(joined({}) == "concatenate: expected at least one array, got none");
  Real number = 0;
  CHECK(has(joined({on.tape().constant(TensorView{&number, {}})}), "concatenate: xs must have rank 1"));
}

#ifdef SACCADE_REAL_DOUBLE
TEST_CASE("the gradient of concatenate", "[grad]") {
  const auto all = [](Tape&, auto& in) { return ops::concatenate(in); };
  CHECK(check_grad(all, {randn({1, 1}, 1)}));
  CHECK(check_grad(all, {randn({3, 2}, 1), randn({3, 5}, 2), randn({3, 1}, 3)}));
  CHECK(check_grad(all, {randn({2, 3, 2}, 1), randn({2, 3, 4}, 2)}));
  CHECK(check_grad(
      [](Tape&, auto& in) {
        return ops::concatenate({in[0], in[1], in[0]});
      },
      {randn({3, 2}, 1), randn({3, 1}, 2)}));
}
#endif

}  // namespace
}  // namespace saccade
