#include "core/nn/lstm_cell.hpp"

#include <algorithm>

#include "core/nn/sizes.hpp"
#include "core/ops/affine.hpp"

namespace saccade::nn {
namespace {

Parameter make_bias(const Scope& scope, std::size_t hidden) {
  const Parameter bias = scope.constant("bias", {4 * hidden}, 0);
  const TensorView value = scope.store().value(bias);
  std::fill_n(value.begin() + hidden, hidden, Real{1});
  return bias;
}

}  // namespace

LstmCell::LstmCell(const Scope& scope, std::size_t in, std::size_t hidden)
    : input_weight_{(scope / "input").uniform("weight", {4 * hidden, in}, bound_for("LstmCell", hidden, in))},
      recurrent_weight_{
          (scope / "recurrent").uniform("weight", {4 * hidden, hidden}, bound_for("LstmCell", hidden, hidden))},
      bias_{make_bias(scope, hidden)} {}

ops::LstmState LstmCell::operator()(const Variable& x, const ops::LstmState& state) const {
  Tape& tape = x.tape();
  const Variable gates = ops::affine({{x, tape[input_weight_]}, {state.h, tape[recurrent_weight_]}}, tape[bias_]);
  return ops::lstm_gates(gates, state.c);
}

}  // namespace saccade::nn
