#include "core/nn/rnn_cell.hpp"

#include "core/errors.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/check_grad.hpp"
#include "tests/support/messages.hpp"
#include "tests/support/tensors.hpp"

namespace saccade::nn {
namespace {

using namespace tests;

void set(ParameterStore& store, std::string_view name, Tensor x) { copy(x, store.value(store.find(name))); }

TEST_CASE("a recurrent cell by hand", "[nn]") {
  ParameterStore store;
  const RnnCell cell(Scope(store, 1) / "core", 1, 2);
  set(store, "core.input.weight", tensor({2, 1}, {1, -2}));
  set(store, "core.recurrent.weight", tensor({2, 2}, {0, 1, 3, 0}));
  set(store, "core.bias", tensor({2}, {0.5, 1}));
  Tape tape{store};
  tape.begin(Tape::Mode::infer);
  Tensor x = tensor({1, 1}, {2});
  const Variable first = cell(tape.constant(x), {});
  CHECK(close(first.value(), tensor({1, 2}, {2.5, 0})));
  CHECK(close(cell(tape.constant(x), first).value(), tensor({1, 2}, {2.5, 4.5})));
}

TEST_CASE("a recurrent cell without a state starts from zeros", "[nn]") {
  ParameterStore store;
  const RnnCell cell(Scope(store, 1), 3, 5, ops::Activation::tanh);
  Tape tape{store};
  tape.begin(Tape::Mode::infer);
  Tensor x = randn({2, 3}, 1);
  Tensor none = zeros({2, 5});
  const Variable y = cell(tape.constant(x), {});
  CHECK(y.shape() == Shape{2, 5});
  CHECK(close(y.value(), to_tensor(cell(tape.constant(x), tape.constant(none)).value())));
  CHECK_THROWS_AS(cell(tape.constant(none), {}), ShapeError);
}

TEST_CASE("a recurrent cell has inputs and units", "[nn]") {
  ParameterStore store;
  CHECK(has(message_of<ArgumentError>([&] { RnnCell(Scope(store, 1), 0, 3); }), "RnnCell: sizes"));
  CHECK_THROWS_AS(RnnCell(Scope(store, 1), 3, 0), ArgumentError);
}

#ifdef SACCADE_REAL_DOUBLE
TEST_CASE("the gradient of a recurrent cell", "[grad]") {
  for (const ops::Activation f : {ops::Activation::relu, ops::Activation::tanh}) {
    ParameterStore store;  // the inputs are parameters too, so that their gradients are checked
    const Scope scope(store, 1);
    const Parameter x = scope.uniform("x", {2, 3}, 2);
    const Parameter h = scope.uniform("h", {2, 4}, 2);
    const RnnCell cell(scope, 3, 4, f);
    CHECK(check_parameter_grad(store, [&](Tape& tape) { return cell(tape[x], tape[h]); }));
    CHECK(check_parameter_grad(store, [&](Tape& tape) { return cell(tape[x], cell(tape[x], cell(tape[x], {}))); }));
  }
}
#endif

}  // namespace
}  // namespace saccade::nn
