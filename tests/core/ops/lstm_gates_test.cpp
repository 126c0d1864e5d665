#include "core/ops/lstm_gates.hpp"

#include <cmath>

#include "core/errors.hpp"
#include "core/ops/add.hpp"
#include "core/ops/concatenate.hpp"
#include "core/ops/sum.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/check_grad.hpp"
#include "tests/support/messages.hpp"
#include "tests/support/tensors.hpp"

namespace saccade {
namespace {

using namespace tests;

double logistic(double x) { return 1 / (1 + std::exp(-x)); }

/// h and c side by side, [2, N, H], by the definition.
Tensor naive_lstm(const Tensor& gates, const Tensor& c_prev) {
  const std::size_t rows = gates.shape(0), width = gates.shape(1) / 4;
  Tensor states = zeros({2, rows, width});
  for (std::size_t n = 0; n < rows; ++n) {
    for (std::size_t k = 0; k < width; ++k) {
      const auto gate = [&](std::size_t index) { return double{gates(n, index * width + k)}; };
      const double c = logistic(gate(1)) * double{c_prev(n, k)} + logistic(gate(0)) * std::tanh(gate(2));
      states(0, n, k) = static_cast<Real>(logistic(gate(3)) * std::tanh(c));
      states(1, n, k) = static_cast<Real>(c);
    }
  }
  return states;
}

TEST_CASE("lstm_gates agrees with its formula", "[ops]") {
  for (const std::size_t width : {1UL, 5UL, 20UL}) {
    const Tensor gates = randn({3, 4 * width}, 1);
    for (const bool first : {false, true}) {
      const Tensor c_prev = first ? zeros({3, width}) : randn({3, width}, 2);
      Recording on;
      const ops::LstmState state = ops::lstm_gates(on.input(gates), first ? Variable{} : on.input(c_prev));
      Tensor expected = naive_lstm(gates, c_prev);
      CHECK(close(state.h.value(), to_tensor(TensorView{expected}.rows(0, 1).reshaped({3, width}))));
      CHECK(close(state.c.value(), to_tensor(TensorView{expected}.rows(1, 1).reshaped({3, width}))));
    }
  }
}

TEST_CASE("lstm_gates stays finite for extreme inputs", "[ops]") {
  Recording on;
  const Variable gates = on.input(tensor({2, 4}, {1e30, -1e30, 1e30, 1e30, -1e30, 1e30, -1e30, -1e30}));
  const Variable c_prev = on.input(tensor({2, 1}, {1e30, -1e30}));
  const ops::LstmState state = ops::lstm_gates(gates, c_prev);
  on.tape().backward(ops::sum(ops::add(state.h, state.c)));
  CHECK(all_finite(state.h.value()));
  CHECK(all_finite(state.c.value()));
  CHECK(all_finite(gates.grad()));
  CHECK(all_finite(c_prev.grad()));
}

TEST_CASE("lstm_gates refuses what does not fit", "[ops]") {
  Recording on;
  const Variable gates = on.input(zeros({2, 8})), odd = on.input(zeros({2, 9})), line = on.input(zeros({8}));
  const auto message = [](const Variable& p, const Variable& c) {
    return message_of<ShapeError>([&] { (void)ops::lstm_gates(p, c); });
  };
  CHECK(message(gates, gates) == "lstm_gates: c_prev must have shape [2, 2], got [2, 8]");
  CHECK(message(odd, Variable{}) == "lstm_gates: gates must have shape [2, 8], got [2, 9]");
  CHECK(message(line, Variable{}) == "lstm_gates: gates must have rank 2, got shape [8]");
}

TEST_CASE("lstm_gates of constants records nothing", "[ops]") {
  Recording on;
  const Variable gates = on.constant(randn({2, 8}, 1)), c_prev = on.input(randn({2, 2}, 2));
  const ops::LstmState state = ops::lstm_gates(gates, c_prev);
  on.tape().backward(ops::sum(state.h));
  CHECK(c_prev.has_grad());
  CHECK_FALSE(gates.has_grad());
}

#ifdef SACCADE_REAL_DOUBLE
TEST_CASE("the gradient of lstm_gates", "[grad]") {
  const auto h_only = [](Tape&, auto& in) { return ops::lstm_gates(in[0], in.size() > 1 ? in[1] : Variable{}).h; };
  const auto c_only = [](Tape&, auto& in) { return ops::lstm_gates(in[0], in.size() > 1 ? in[1] : Variable{}).c; };
  const auto both = [](Tape&, auto& in) {
    const ops::LstmState state = ops::lstm_gates(in[0], in.size() > 1 ? in[1] : Variable{});
    return ops::concatenate({state.h, state.c});
  };
  for (const std::size_t width : {1UL, 3UL, 9UL}) {
    for (const InputOp& op : {InputOp{h_only}, InputOp{c_only}, InputOp{both}}) {
      CHECK(check_grad(op, {randn({2, 4 * width}, 1)}));
      CHECK(check_grad(op, {randn({2, 4 * width}, 1), randn({2, width}, 2)}));
    }
  }
}

TEST_CASE("the gradient of two steps of lstm_gates with the same gates", "[grad]") {
  const auto twice = [](Tape&, auto& in) { return ops::lstm_gates(in[0], ops::lstm_gates(in[0], in[1]).c).h; };
  CHECK(check_grad(twice, {randn({2, 12}, 1), randn({2, 3}, 2)}));
}
#endif

}  // namespace
}  // namespace saccade
