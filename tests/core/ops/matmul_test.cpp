#include "core/ops/matmul.hpp"

#include "core/errors.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/check_grad.hpp"
#include "tests/support/messages.hpp"
#include "tests/support/tensors.hpp"

namespace saccade {
namespace {

using namespace tests;

TEST_CASE("matmul is the product of matrices", "[ops]") {
  Recording on;
  const Variable a = on.input(tensor({2, 3}, {1, 2, 3, 4, 5, 6}));
  const Variable b = on.input(tensor({3, 2}, {1, 0, 0, 1, 2, -1}));
  CHECK(close(ops::matmul(a, b).value(), tensor({2, 2}, {7, -1, 16, -1})));
}

TEST_CASE("matmul refuses what does not fit", "[ops]") {
  Recording on;
  const Variable a = on.input(zeros({2, 3})), b = on.input(zeros({2, 3})), line = on.input(zeros({3}));
  const auto product = [](const Variable& x, const Variable& y) {
    return message_of<ShapeError>([&] { (void)ops::matmul(x, y); });
  };
  CHECK(product(a, b) == "matmul: b must have extent 3 on axis 0, got shape [2, 3]");
  CHECK(product(line, b) == "matmul: a must have rank 2, got shape [3]");
  CHECK(product(a, line) == "matmul: b must have rank 2, got shape [3]");
}

#ifdef SACCADE_REAL_DOUBLE
TEST_CASE("the gradient of matmul", "[grad]") {
  const auto product = [](Tape&, auto& in) { return ops::matmul(in[0], in[1]); };
  CHECK(check_grad(product, {randn({1, 1}, 1), randn({1, 1}, 2)}));
  CHECK(check_grad(product, {randn({2, 3}, 1), randn({3, 4}, 2)}));
  CHECK(check_grad(product, {randn({1, 5}, 1), randn({5, 1}, 2)}));
  CHECK(check_grad(product, {randn({5, 1}, 1), randn({1, 3}, 2)}));
  CHECK(check_grad([](Tape&, auto& in) { return ops::matmul(in[0], in[0]); }, {randn({3, 3}, 1)}));
}
#endif

}  // namespace
}  // namespace saccade
