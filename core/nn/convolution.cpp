#include "core/nn/convolution.hpp"

#include "core/nn/sizes.hpp"

namespace saccade::nn {
namespace {

std::size_t fan_in(std::size_t channels, const ops::Window& window) { return channels * window.height * window.width; }

double bound(std::size_t channels, std::size_t filters, const ops::Window& window) {
  return bound_for("Convolution", fan_in(channels, window), filters);
}

}  // namespace

Convolution::Convolution(const Scope& scope, std::size_t channels, std::size_t filters, const ops::Window& window,
                         double gain)
    : window_{window},
      weight_{scope.uniform("weight", {filters, fan_in(channels, window)}, gain * bound(channels, filters, window))},
      bias_{scope.uniform("bias", {filters}, gain * bound(channels, filters, window))} {}

Variable Convolution::operator()(const Variable& x, ops::Activation activation) const {
  Tape& tape = x.tape();
  return ops::affine({{ops::patches(x, window_), tape[weight_]}}, tape[bias_], activation);
}

}  // namespace saccade::nn
