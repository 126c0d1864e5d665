#pragma once

#include "core/nn/scope.hpp"
#include "core/ops/affine.hpp"
#include "core/ops/patches.hpp"

namespace saccade::nn {

/// Convolutional layer (a cross-correlation, as everywhere in the field):
///
///   y[b, i, j, k] = f(bias[k] + sum_{u,v,c} weight[k, (u, v, c)] x[b, i stride + u - padding, j stride + v - padding,
///   c])
///
/// Parameters: "weight" [filters, height width channels] and "bias" [filters], both from U(-s, s) with
/// s = gain/sqrt(height width channels). A gain of sqrt(6) keeps the size of signals through layers of rectifiers (He
/// et al. 2015, https://arxiv.org/abs/1502.01852).
class Convolution {
 public:
  /// @throws ArgumentError  if a size is 0
  Convolution(const Scope& scope, std::size_t channels, std::size_t filters, const ops::Window& window,
              double gain = 1);

  /// @param x  [B, H, W, channels]
  /// @return   [B, H', W', filters], see ops::patches
  [[nodiscard]] Variable operator()(const Variable& x, ops::Activation activation = ops::Activation::none) const;

 private:
  ops::Window window_;
  Parameter weight_;
  Parameter bias_;
};

}  // namespace saccade::nn
