#include "core/ops/softmax.hpp"

#include <cmath>

#include "core/errors.hpp"
#include "core/ops/add.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/check_grad.hpp"
#include "tests/support/messages.hpp"
#include "tests/support/tensors.hpp"

namespace saccade {
namespace {

using namespace tests;

TEST_CASE("softmax by its definition", "[ops]") {
  Recording on;
  const Variable x = on.input(tensor({2, 3}, {0, std::log(2.0), std::log(5.0), 1, 1, 1}));
  const Variable y = ops::softmax(x);
  CHECK(close(y.value(), tensor({2, 3}, {0.125, 0.25, 0.625, 1 / 3.0, 1 / 3.0, 1 / 3.0})));
  Tensor d_y = tensor({2, 3}, {1, 0, 0, 2, 2, 2});
  on.tape().backward(y, d_y);
  CHECK(close(x.grad(), tensor({2, 3}, {0.109375, -0.03125, -0.078125, 0, 0, 0})));
}

TEST_CASE("softmax of large numbers", "[ops]") {
  Recording on;
  const Variable y = ops::softmax(on.input(tensor({2, 2}, {1e30, -1e30, -1e30, -1e30})));
  CHECK(close(y.value(), tensor({2, 2}, {1, 0, 0.5, 0.5}), 0));
}

TEST_CASE("softmax keeps leading axes and refuses a number", "[ops]") {
  Recording on;
  CHECK(ops::softmax(on.input(zeros({2, 3, 4}))).shape() == Shape{2, 3, 4});
  CHECK(ops::softmax(on.input(zeros({0, 4}))).value().size() == 0);
  Real number = 0;
  CHECK(has(message_of<ShapeError>([&] {
              (void)ops::softmax(on.tape().constant(TensorView{&number, {}}));
            }),
            "softmax: logits"));
}

#ifdef SACCADE_REAL_DOUBLE
TEST_CASE("the gradient of softmax", "[grad]") {
  CHECK(check_grad([](Tape&, auto& in) { return ops::softmax(in[0]); }, {randn({3, 5}, 1)}));
  CHECK(check_grad([](Tape&, auto& in) { return ops::softmax(in[0]); }, {randn({2, 2, 17}, 1)}));
  CHECK(check_grad([](Tape&, auto& in) { return ops::add(ops::softmax(in[0]), ops::softmax(in[0])); },
                   {randn({1, 4}, 1)}));
}
#endif

}  // namespace
}  // namespace saccade
