#include "core/nn/lstm_cell.hpp"

#include <cmath>

#include "core/errors.hpp"
#include "core/ops/concatenate.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/check_grad.hpp"
#include "tests/support/messages.hpp"
#include "tests/support/tensors.hpp"

namespace saccade::nn {
namespace {

using namespace tests;

void set(ParameterStore& store, std::string_view name, Tensor x) { copy(x, store.value(store.find(name))); }

double logistic(double x) { return 1 / (1 + std::exp(-x)); }

TEST_CASE("an LSTM cell by hand", "[nn]") {
  ParameterStore store;
  const LstmCell cell(Scope(store, 1) / "core", 1, 1);
  set(store, "core.input.weight", tensor({4, 1}, {1, 2, 3, 4}));
  set(store, "core.recurrent.weight", tensor({4, 1}, {-1, 1, 2, -2}));
  set(store, "core.bias", tensor({4}, {0.1, 0.2, 0.3, 0.4}));
  Tape tape{store};
  tape.begin(Tape::Mode::infer);
  Tensor x = tensor({1, 1}, {0.5});
  const ops::LstmState first = cell(tape.constant(x), {});
  const double c1 = logistic(0.6) * std::tanh(1.8), h1 = logistic(2.4) * std::tanh(c1);
  CHECK(close(first.c.value(), tensor({1, 1}, {c1})));
  CHECK(close(first.h.value(), tensor({1, 1}, {h1})));
  const double c2 = logistic(1.2 + h1) * c1 + logistic(0.6 - h1) * std::tanh(1.8 + 2 * h1);
  const ops::LstmState second = cell(tape.constant(x), first);
  CHECK(close(second.c.value(), tensor({1, 1}, {c2})));
  CHECK(close(second.h.value(), tensor({1, 1}, {logistic(2.4 - 2 * h1) * std::tanh(c2)})));
}

TEST_CASE("the forget gates of an LSTM cell start open", "[nn]") {
  ParameterStore store;
  const LstmCell cell(Scope(store, 1), 2, 3);
  CHECK(close(store.value(store.find("bias")), tensor({12}, {0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0}), 0));
}

TEST_CASE("an LSTM cell without a state starts from zeros", "[nn]") {
  ParameterStore store;
  const LstmCell cell(Scope(store, 1), 3, 5);
  Tape tape{store};
  tape.begin(Tape::Mode::infer);
  Tensor x = randn({2, 3}, 1);
  Tensor none = zeros({2, 5});
  const ops::LstmState state = cell(tape.constant(x), {});
  const ops::LstmState zero{tape.constant(none), tape.constant(none)};
  CHECK(state.h.shape() == Shape{2, 5});
  CHECK(close(state.h.value(), to_tensor(cell(tape.constant(x), zero).h.value())));
  CHECK_THROWS_AS(cell(tape.constant(none), {}), ShapeError);
}

TEST_CASE("an LSTM cell has inputs and units", "[nn]") {
  ParameterStore store;
  CHECK(has(message_of<ArgumentError>([&] { LstmCell(Scope(store, 1), 0, 3); }), "LstmCell: sizes"));
  CHECK_THROWS_AS(LstmCell(Scope(store, 1), 3, 0), ArgumentError);
}

#ifdef SACCADE_REAL_DOUBLE
TEST_CASE("the gradient of an LSTM cell", "[grad]") {
  ParameterStore store;  // the inputs are parameters too, so that their gradients are checked
  const Scope scope(store, 1);
  const Parameter x = scope.uniform("x", {2, 3}, 2);
  const Parameter h = scope.uniform("h", {2, 4}, 2);
  const Parameter c = scope.uniform("c", {2, 4}, 2);
  const LstmCell cell(scope, 3, 4);
  const auto both = [](const ops::LstmState& state) { return ops::concatenate({state.h, state.c}); };
  CHECK(check_parameter_grad(store, [&](Tape& tape) { return both(cell(tape[x], {tape[h], tape[c]})); }));
  CHECK(check_parameter_grad(store, [&](Tape& tape) { return both(cell(tape[x], cell(tape[x], {}))); }));
}
#endif

}  // namespace
}  // namespace saccade::nn
