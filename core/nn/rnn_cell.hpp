#pragma once

#include "core/nn/scope.hpp"
#include "core/ops/affine.hpp"

namespace saccade::nn {

/// Recurrent cell of rectifiers, the core of Mnih et al. 2014 for classification:
///
///   h_t = f(x_t W^T + h_{t-1} U^T + b),  f = relu (default) or tanh
///
/// Parameters: "input.weight" W [hidden, in], "recurrent.weight" U [hidden, hidden], "bias" [hidden], from U(-k, k)
/// with k = 1/sqrt(fan in) of each (the bias: of the state).
class RnnCell {
 public:
  /// @throws ArgumentError  if a size is 0
  RnnCell(const Scope& scope, std::size_t in, std::size_t hidden, ops::Activation activation = ops::Activation::relu);

  /// @param x  [N, in]
  /// @param h  [N, hidden], or no variable for zeros (the first step)
  /// @return   [N, hidden]
  [[nodiscard]] Variable operator()(const Variable& x, const Variable& h) const;

 private:
  Parameter input_weight_;
  Parameter recurrent_weight_;
  Parameter bias_;
  ops::Activation activation_;
};

}  // namespace saccade::nn
