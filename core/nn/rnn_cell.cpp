#include "core/nn/rnn_cell.hpp"

#include "core/nn/sizes.hpp"

namespace saccade::nn {

RnnCell::RnnCell(const Scope& scope, std::size_t in, std::size_t hidden, ops::Activation activation)
    : input_weight_{(scope / "input").uniform("weight", {hidden, in}, bound_for("RnnCell", in, hidden))},
      recurrent_weight_{
          (scope / "recurrent").uniform("weight", {hidden, hidden}, bound_for("RnnCell", hidden, hidden))},
      bias_{scope.uniform("bias", {hidden}, bound_for("RnnCell", hidden, hidden))},
      activation_{activation} {}

Variable RnnCell::operator()(const Variable& x, const Variable& h) const {
  Tape& tape = x.tape();
  return ops::affine({{x, tape[input_weight_]}, {h, tape[recurrent_weight_]}}, tape[bias_], activation_);
}

}  // namespace saccade::nn
