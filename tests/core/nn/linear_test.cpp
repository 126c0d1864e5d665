#include "core/nn/linear.hpp"

#include "core/errors.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/check_grad.hpp"
#include "tests/support/messages.hpp"
#include "tests/support/tensors.hpp"

namespace saccade::nn {
namespace {

using namespace tests;

TEST_CASE("a linear layer by hand", "[nn]") {
  ParameterStore store;
  const Linear layer(Scope(store, 1) / "layer", 2, 3);
  CHECK(store.name(layer.weight()) == "layer.weight");
  CHECK(store.name(layer.bias()) == "layer.bias");
  Tensor weight = tensor({3, 2}, {1, 2, 3, 4, 5, 6});
  Tensor bias = tensor({3}, {1, 0, -30});
  copy(weight, store.value(layer.weight()));
  copy(bias, store.value(layer.bias()));
  Tape tape{store};
  tape.begin(Tape::Mode::infer);
  Tensor x = tensor({2, 2}, {1, 1, 2, -1});
  CHECK(close(layer(tape.constant(x)).value(), tensor({2, 3}, {4, 7, -19, 1, 2, -26})));
  CHECK(close(layer(tape.constant(x), ops::Activation::relu).value(), tensor({2, 3}, {4, 7, 0, 1, 2, 0})));
}

TEST_CASE("a linear layer keeps leading axes", "[nn]") {
  ParameterStore store;
  const Linear layer(Scope(store, 1), 4, 5);
  Tape tape{store};
  tape.begin(Tape::Mode::infer);
  Tensor x = randn({2, 3, 4}, 1);
  CHECK(layer(tape.constant(x)).shape() == Shape{2, 3, 5});
  Tensor narrow = randn({2, 3}, 1);
  CHECK_THROWS_AS(layer(tape.constant(narrow)), ShapeError);
}

TEST_CASE("a layer has inputs and outputs", "[nn]") {
  ParameterStore store;
  CHECK(message_of<ArgumentError>([&] { Linear(Scope(store, 1), 0, 3); }) ==
        "Linear: sizes must be at least 1, got 0 inputs and 3 outputs");
  CHECK_THROWS_AS(Linear(Scope(store, 1), 3, 0), ArgumentError);
}

#ifdef SACCADE_REAL_DOUBLE
TEST_CASE("the gradient of a linear layer", "[grad]") {
  ParameterStore store;  // the input is a parameter too, so that its gradient is checked
  const Scope scope(store, 1);
  const Parameter x = scope.uniform("x", {5, 4}, 2);
  const Linear layer(scope, 4, 3);
  for (const ops::Activation f : {ops::Activation::none, ops::Activation::relu, ops::Activation::tanh}) {
    CHECK(check_parameter_grad(store, [&](Tape& tape) { return layer(tape[x], f); }));
  }
}
#endif

}  // namespace
}  // namespace saccade::nn
