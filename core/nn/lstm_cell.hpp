#pragma once

#include "core/nn/scope.hpp"
#include "core/ops/lstm_gates.hpp"

namespace saccade::nn {

/// Long short-term memory cell with forget gates (Hochreiter and Schmidhuber 1997; Gers et al. 2000):
///
///   p = x_t W^T + h_{t-1} U^T + b,  then ops::lstm_gates(p, c_{t-1})
///
/// Parameters: "input.weight" W [4 hidden, in], "recurrent.weight" U [4 hidden, hidden], "bias" [4 hidden], gates in
/// the order i, f, g, o. Weights from U(-k, k), k = 1/sqrt(hidden); biases 0 but those of the forget gates, which
/// are 1.
class LstmCell {
 public:
  /// @throws ArgumentError  if a size is 0
  LstmCell(const Scope& scope, std::size_t in, std::size_t hidden);

  /// @param x      [N, in]
  /// @param state  h and c, each [N, hidden], or no variables for zeros (the first step)
  [[nodiscard]] ops::LstmState operator()(const Variable& x, const ops::LstmState& state) const;

 private:
  Parameter input_weight_;
  Parameter recurrent_weight_;
  Parameter bias_;
};

}  // namespace saccade::nn
