#include "core/ops/pick.hpp"

#include <vector>

#include "core/errors.hpp"
#include "core/ops/add.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/check_grad.hpp"
#include "tests/support/messages.hpp"
#include "tests/support/tensors.hpp"

namespace saccade {
namespace {

using namespace tests;

using Columns = std::vector<std::int32_t>;

TEST_CASE("pick takes one column of each row", "[ops]") {
  Recording on;
  const Variable x = on.input(tensor({2, 3}, {1, 2, 3, 4, 5, 6}));
  Columns columns{2, 0};
  const Variable y = ops::pick(x, columns);
  CHECK(close(y.value(), tensor({2}, {3, 4}), 0));
  columns = {0, 0};
  Tensor d_y = tensor({2}, {7, 8});
  on.tape().backward(y, d_y);
  CHECK(close(x.grad(), tensor({2, 3}, {0, 0, 7, 8, 0, 0}), 0));
}

TEST_CASE("pick refuses what does not fit", "[ops]") {
  Recording on;
  const Variable x = on.input(zeros({2, 3})), line = on.input(zeros({2}));
  const auto message = [](const Variable& from, const Columns& columns) {
    return message_of<Error>([&] { (void)ops::pick(from, columns); });
  };
  CHECK(message(x, {0, 3}) == "pick: columns must be in 0..2, got 3");
  CHECK(message(x, {-1, 0}) == "pick: columns must be in 0..2, got -1");
  CHECK(message(x, {0}) == "pick: x must have extent 1 on axis 0, got shape [2, 3]");
  CHECK(message(line, {0, 0}) == "pick: x must have rank 2, got shape [2]");
  CHECK_THROWS_AS(ops::pick(x, Columns{0, 3}), ArgumentError);
  CHECK_THROWS_AS(ops::pick(x, Columns{0}), ShapeError);
}

#ifdef SACCADE_REAL_DOUBLE
TEST_CASE("the gradient of pick", "[grad]") {
  const auto op = [](Tape&, auto& in) {
    return ops::add(ops::pick(in[0], Columns{0, 2, 1}), ops::pick(in[0], Columns{0, 1, 2}));
  };
  CHECK(check_grad(op, {randn({3, 4}, 1)}));
}
#endif

}  // namespace
}  // namespace saccade
