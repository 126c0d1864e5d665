#pragma once

#include "core/autograd/tape.hpp"

namespace saccade::ops {

/// Hidden and cell state of an LSTM after one step.
struct LstmState {
  Variable h;  ///< [N, H]
  Variable c;  ///< [N, H]
};

/// The elementwise part of an LSTM step, in one pass over memory (Hochreiter and Schmidhuber 1997, with forget gates).
/// With the pre-activations p = [p_i, p_f, p_g, p_o]:
///
///   i = sigmoid(p_i),  f = sigmoid(p_f),  g = tanh(p_g),  o = sigmoid(p_o)
///   c = f c_prev + i g,   h = o tanh(c)
///
///   d_o = d_h tanh(c);   e = d_c + d_h o (1 - tanh^2 c);   d_c_prev = e f
///   d_p_i = e g i (1 - i),  d_p_f = e c_prev f (1 - f),  d_p_g = e i (1 - g^2),  d_p_o = d_o o (1 - o)
///
/// @param gates   [N, 4 H] in the order i, f, g, o
/// @param c_prev  [N, H], or no variable for zeros
/// @throws ShapeError  unless the shapes fit
[[nodiscard]] LstmState lstm_gates(const Variable& gates, const Variable& c_prev);

}  // namespace saccade::ops
