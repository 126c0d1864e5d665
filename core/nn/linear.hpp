#pragma once

#include "core/nn/scope.hpp"
#include "core/ops/affine.hpp"

namespace saccade::nn {

/// Fully connected layer, y = f(x W^T + b).
///
/// Parameters: "weight" [out, in] and "bias" [out], both from U(-1/sqrt(in), 1/sqrt(in)).
class Linear {
 public:
  /// @throws ArgumentError  if a size is 0
  Linear(const Scope& scope, std::size_t in, std::size_t out);

  /// @param x  [..., in]
  /// @return   [..., out]
  [[nodiscard]] Variable operator()(const Variable& x, ops::Activation activation = ops::Activation::none) const;

  [[nodiscard]] Parameter weight() const { return weight_; }
  [[nodiscard]] Parameter bias() const { return bias_; }

 private:
  Parameter weight_;
  Parameter bias_;
};

}  // namespace saccade::nn
