#include "core/ops/mean_rows.hpp"

#include "core/errors.hpp"
#include "core/ops/add.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/check_grad.hpp"
#include "tests/support/messages.hpp"
#include "tests/support/tensors.hpp"

namespace saccade {
namespace {

using namespace tests;

TEST_CASE("mean_rows is the mean over the middle axis", "[ops]") {
  Recording on;
  const Variable x = on.input(tensor({2, 2, 3}, {1, 2, 3, 3, 6, 9, 0, 0, 0, 2, -2, 4}));
  const Variable y = ops::mean_rows(x);
  CHECK(close(y.value(), tensor({2, 3}, {2, 4, 6, 1, -1, 2}), 0));
  Tensor d_y = tensor({2, 3}, {2, 4, 6, 8, 10, 12});
  on.tape().backward(y, d_y);
  CHECK(close(x.grad(), tensor({2, 2, 3}, {1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6}), 0));
}

TEST_CASE("mean_rows refuses what has no rows", "[ops]") {
  Recording on;
  const auto message = [&](const Shape& shape) {
    return message_of<ShapeError>([&] { (void)ops::mean_rows(on.input(zeros(shape))); });
  };
  CHECK(message({2, 3}) == "mean_rows: x must have rank 3, got shape [2, 3]");
  CHECK(message({2, 0, 3}) == "mean_rows: x must have rows, got shape [2, 0, 3]");
  CHECK(ops::mean_rows(on.input(zeros({0, 2, 3}))).shape() == Shape{0, 3});
}

#ifdef SACCADE_REAL_DOUBLE
TEST_CASE("the gradient of mean_rows", "[grad]") {
  CHECK(check_grad([](Tape&, auto& in) { return ops::mean_rows(in[0]); }, {randn({2, 5, 3}, 1)}));
  CHECK(check_grad([](Tape&, auto& in) { return ops::add(ops::mean_rows(in[0]), ops::mean_rows(in[0])); },
                   {randn({1, 1, 17}, 1)}));
}
#endif

}  // namespace
}  // namespace saccade
