#include "core/ops/patches.hpp"

#include "core/errors.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/check_grad.hpp"
#include "tests/support/messages.hpp"
#include "tests/support/tensors.hpp"

namespace saccade {
namespace {

using namespace tests;

TEST_CASE("windows are cut row by row", "[ops]") {
  Recording on;
  const Variable x = on.input(tensor({1, 3, 3, 1}, {1, 2, 3, 4, 5, 6, 7, 8, 9}));
  CHECK(close(ops::patches(x, {2, 2, 1}).value(),
              tensor({1, 2, 2, 4}, {1, 2, 4, 5, 2, 3, 5, 6, 4, 5, 7, 8, 5, 6, 8, 9}), 0));
  CHECK(close(ops::patches(x, {1, 2, 2}).value(), tensor({1, 2, 1, 2}, {1, 2, 7, 8}), 0));
  CHECK(close(ops::patches(x, {3, 3, 5}).value(), tensor({1, 1, 1, 9}, {1, 2, 3, 4, 5, 6, 7, 8, 9}), 0));
}

TEST_CASE("a border of zeros surrounds the image", "[ops]") {
  Recording on;
  const Variable x = on.input(tensor({1, 2, 2, 1}, {1, 2, 3, 4}));
  CHECK(close(ops::patches(x, {2, 2, 2, 1}).value(),
              tensor({1, 2, 2, 4}, {0, 0, 0, 1, 0, 0, 2, 0, 0, 3, 0, 0, 4, 0, 0, 0}), 0));
  CHECK(close(ops::patches(x, {1, 1, 3, 1}).value(), tensor({1, 2, 2, 1}, {0, 0, 0, 0}), 0));
}

TEST_CASE("windows keep channels together and images apart", "[ops]") {
  Recording on;
  const Variable x = on.input(tensor({2, 1, 2, 2}, {1, 10, 2, 20, 3, 30, 4, 40}));
  const Variable y = ops::patches(x, {1, 1, 1});
  CHECK(y.shape() == Shape{2, 1, 2, 2});
  CHECK(close(ops::patches(x, {1, 2, 1}).value(), tensor({2, 1, 1, 4}, {1, 10, 2, 20, 3, 30, 4, 40}), 0));
}

TEST_CASE("the gradient of a pixel is the sum over the windows that show it", "[ops]") {
  Recording on;
  const Variable x = on.input(zeros({1, 3, 3, 1}));
  const Variable y = ops::patches(x, {2, 2, 1});
  on.tape().backward(y, on.keep(tensor({1, 2, 2, 4}, {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1})));
  CHECK(close(x.grad(), tensor({1, 3, 3, 1}, {1, 2, 1, 2, 4, 2, 1, 2, 1}), 0));
}

TEST_CASE("patches refuses what does not fit", "[ops]") {
  Recording on;
  const Variable x = on.input(zeros({1, 3, 4, 1}));
  CHECK(message_of<ArgumentError>([&] {
          (void)ops::patches(x, {4, 1, 1});
        }) == "patches: window must fit the image [1, 3, 4, 1], got 4x1");
  CHECK(message_of<ArgumentError>([&] {
          (void)ops::patches(x, {1, 1, 0});
        }) == "patches: window must have a size and a stride, got 1x1 every 0");
  CHECK_THROWS_AS(ops::patches(on.input(zeros({3, 4, 1})), {1, 1, 1}), ShapeError);
}

#ifdef SACCADE_REAL_DOUBLE
TEST_CASE("the gradient of patches", "[grad]") {
  for (const ops::Window& window : {ops::Window{2, 2, 1}, ops::Window{3, 1, 2}, ops::Window{2, 3, 3},
                                    ops::Window{3, 3, 2, 1}, ops::Window{2, 2, 3, 2}}) {
    CHECK(check_grad([&](Tape&, auto& in) { return ops::patches(in[0], window); }, {randn({2, 4, 5, 3}, 1)}));
  }
}
#endif

}  // namespace
}  // namespace saccade
