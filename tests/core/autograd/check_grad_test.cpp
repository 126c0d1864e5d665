#include "tests/support/check_grad.hpp"

#include <limits>
#include <vector>

#include "core/ops/affine.hpp"
#include "core/ops/log_softmax.hpp"
#include "core/ops/multiply.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/messages.hpp"

#ifdef SACCADE_REAL_DOUBLE

namespace saccade {
namespace {

using namespace tests;

/// The value of `op(x)` with its gradient times `factor`, or with none at all for 0.
template <typename Op>
Variable with_wrong_gradient(const Variable& x, Op op, Real factor) {
  const Variable right = op(x);
  const Variable y = x.tape().result(right.shape(), {x});
  copy(right.value(), y.value());
  x.tape().record(y, [right, y, factor] { add_grad(right, factor * flat(y.grad())); });
  return y;
}

GradCheck softmax_scaled_by(Real factor) {
  return check_grad([&](Tape&, auto& in) { return with_wrong_gradient(in[0], ops::log_softmax, factor); },
                    {randn({2, 4}, 1)});
}

TEST_CASE("check_grad finds a wrong gradient", "[grad]") {
  CHECK(softmax_scaled_by(1));
  CHECK_FALSE(softmax_scaled_by(3));
  CHECK_FALSE(softmax_scaled_by(-1));
  CHECK_FALSE(softmax_scaled_by(0));
  CHECK_FALSE(softmax_scaled_by(Real{1.0001}));
  CHECK_FALSE(softmax_scaled_by(std::numeric_limits<Real>::quiet_NaN()));
}

TEST_CASE("check_grad names input, element and both numbers", "[grad]") {
  const auto op = [](Tape&, std::vector<Variable>& in) {
    return ops::multiply(in[0], with_wrong_gradient(
                                    in[1], [](const Variable& x) { return ops::scale(x, 1); }, 2));
  };
  const GradCheck check = check_grad(op, {tensor({2}, {1, 1000}), tensor({2}, {1, 1})});
  CHECK_FALSE(check.ok);
  CHECK(has(check.worst, "input 1 element "));
  CHECK(has(check.worst, ": analytic "));
  CHECK(has(check.worst, ", numeric "));
}

TEST_CASE("check_parameter_grad covers every number and restores the values", "[grad]") {
  ParameterStore store;
  const Parameter weight = store.add("weight", {2, 3});
  const Parameter bias = store.add("bias", {2});
  Tensor numbers = randn({2, 3}, 1), x = randn({4, 3}, 2);
  copy(numbers, store.value(weight));
  const auto layer = [&](Tape& tape) {
    return ops::affine({{tape.constant(x), tape[weight]}}, tape[bias], ops::Activation::tanh);
  };
  CHECK(check_parameter_grad(store, layer));
  CHECK(close(store.value(weight), numbers, 0));
  const auto wrong = [&](Tape& tape) {
    const Variable skewed = with_wrong_gradient(
        tape[bias], [](const Variable& b) { return ops::scale(b, 1); }, 2);
    return ops::linear(tape.constant(x), tape[weight], skewed);
  };
  const GradCheck check = check_parameter_grad(store, wrong);
  CHECK_FALSE(check.ok);
  CHECK(has(check.worst, "bias element "));
}

}  // namespace
}  // namespace saccade

#endif
