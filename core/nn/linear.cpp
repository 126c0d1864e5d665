#include "core/nn/linear.hpp"

#include "core/nn/sizes.hpp"

namespace saccade::nn {

Linear::Linear(const Scope& scope, std::size_t in, std::size_t out)
    : weight_{scope.uniform("weight", {out, in}, bound_for("Linear", in, out))},
      bias_{scope.uniform("bias", {out}, bound_for("Linear", in, out))} {}

Variable Linear::operator()(const Variable& x, ops::Activation activation) const {
  Tape& tape = x.tape();
  return ops::affine({{x, tape[weight_]}}, tape[bias_], activation);
}

}  // namespace saccade::nn
