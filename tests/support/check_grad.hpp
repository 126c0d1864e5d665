#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "core/autograd/tape.hpp"
#include "tests/support/tensors.hpp"

/// Gradients against central differences. In float the differences are mostly rounding: guard such tests by
///
///     #ifdef SACCADE_REAL_DOUBLE
///     TEST_CASE("the gradient of tanh", "[grad]") { CHECK(check_grad(op, {randn({2, 3}, 1)})); }
///     #endif
namespace saccade::tests {

struct GradOptions {
  double step = 1e-5;  ///< each number is moved by this to both sides
  double rel_tol = 1e-6;
  double abs_tol = 1e-7;
  std::uint64_t seed = 1;  ///< of the cotangent
};

using GradCheck = Check;

/// Computes an array from the inputs, which want gradients. It is run many times and must be a function of them.
using InputOp = std::function<Variable(Tape&, std::vector<Variable>&)>;
/// Compares the gradient of every element of every input of L = sum(cotangent * op(inputs)), with a random normal
/// cotangent, with its difference quotient. Keep inputs away from kinks by more than the step.
[[nodiscard]] GradCheck check_grad(const InputOp& op, std::vector<Tensor> inputs, const GradOptions& options = {});

/// Computes an array from the parameters of the tape's store.
using ParameterOp = std::function<Variable(Tape&)>;
/// The same for every number of every parameter of the store, whose values are as before when it returns.
[[nodiscard]] GradCheck check_parameter_grad(ParameterStore& store, const ParameterOp& op,
                                             const GradOptions& options = {});

}  // namespace saccade::tests
