#pragma once

#include <initializer_list>

#include "core/autograd/tape.hpp"

namespace saccade::ops {

/// What follows an affine map.
enum class Activation { none, relu, tanh, sigmoid };

/// One product of an affine map.
struct AffineTerm {
  Variable x;       ///< [..., in]
  Variable weight;  ///< [out, in]
};

/// Sum of matrix products with bias, and an activation f in the same pass over memory:
///
///   y = f(p),  p = sum_i x_i W_i^T + b
///   d_p = d_y f'(p),   d_x_i = d_p W_i,   d_W_i = d_p^T x_i,   d_b = sum_n d_p[n, :]
///
/// One term is a linear layer; two are a recurrent cell, Rect(Linear(h) + Linear(g)). The weight gradients of all uses
/// of a parameter on a tape become one product at the end of the walk.
///
/// @param terms  one to four; a term whose x is no variable counts as zero (a recurrent cell's first step)
/// @param bias   [out], or no variable for none
/// @return       [..., out], with the leading axes of the first present x
/// @throws ShapeError  unless the shapes fit; ArgumentError if no term is present, or more than four
[[nodiscard]] Variable affine(std::initializer_list<AffineTerm> terms, const Variable& bias,
                              Activation activation = Activation::none);

/// One linear layer: y = x W^T + b.
[[nodiscard]] Variable linear(const Variable& x, const Variable& weight, const Variable& bias);

}  // namespace saccade::ops
