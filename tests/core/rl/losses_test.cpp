#include "core/rl/losses.hpp"

#include <cmath>

#include "core/errors.hpp"
#include "core/ops/add.hpp"
#include "core/rl/baseline.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/check_grad.hpp"
#include "tests/support/messages.hpp"
#include "tests/support/tensors.hpp"

namespace saccade::rl {
namespace {

using namespace tests;

TEST_CASE("discounted returns follow their recursion", "[rl]") {
  Tensor reward = tensor({2, 3}, {1, 2, 4, 0, 0, 8});
  Tensor discount = tensor({2, 3}, {0.5, 0.25, 0, 0.5, 1, 0});
  Tensor result = zeros({2, 3});
  discounted_returns(reward, discount, result);
  CHECK(close(result, tensor({2, 3}, {2.5, 3, 4, 4, 8, 8}), 0));
}

TEST_CASE("returns do not cross the end of an episode", "[rl]") {
  Tensor reward = tensor({1, 3}, {1, 2, 100});
  Tensor discount = tensor({1, 3}, {1, 0, 1});
  Tensor result = zeros({1, 3});
  discounted_returns(reward, discount, result);
  CHECK(close(result, tensor({1, 3}, {3, 2, 100}), 0));
}

TEST_CASE("returns and advantages may be computed in place", "[rl]") {
  Tensor x = tensor({1, 2}, {1, 2});
  Tensor discount = tensor({1, 2}, {1, 1});
  Tensor baseline = tensor({1, 2}, {1, 4});
  discounted_returns(x, discount, x);
  advantages(x, baseline, x);
  CHECK(close(x, tensor({1, 2}, {2, -2}), 0));
}

TEST_CASE("shapes of returns and advantages must agree", "[rl]") {
  Tensor x = zeros({2, 3});
  Tensor y = zeros({3, 2});
  Tensor line = zeros({6});
  Tensor few = zeros({5});
  CHECK(has(message_of<ShapeError>([&] { discounted_returns(line, line, line); }), "discounted_returns: reward"));
  CHECK(has(message_of<ShapeError>([&] { discounted_returns(x, y, x); }), "discounted_returns: discount"));
  CHECK(has(message_of<ShapeError>([&] { discounted_returns(x, x, y); }), "discounted_returns: result"));
  CHECK(has(message_of<ShapeError>([&] { advantages(x, few, x); }), "advantages: baseline"));
}

TEST_CASE("the REINFORCE loss is summed over steps and divided by episodes", "[rl]") {
  Recording on;
  const Variable log_prob = on.input(tensor({2, 2}, {-1, -2, -3, -4}));
  const TensorView advantage = on.keep(tensor({2, 2}, {1, 0.5, -1, 2}));
  const Variable loss = reinforce_loss(log_prob, advantage, {}, 4);
  on.tape().backward(loss);
  CHECK(close(loss.value(), tensor({1}, {(1 + 1 - 3 + 8) / 4.0})));
  CHECK(close(log_prob.grad(), tensor({2, 2}, {-0.25, -0.125, 0.25, -0.5})));
}

TEST_CASE("what is masked counts for nothing", "[rl]") {
  Recording on;
  const Variable log_prob = on.input(tensor({1, 3}, {-1, -2, -3}));
  const Variable baseline = on.input(tensor({1, 3}, {1, 2, 3}));
  const TensorView ones = on.keep(tensor({1, 3}, {1, 1, 1}));
  const TensorView mask = on.keep(tensor({1, 3}, {1, 0, 1}));
  const Variable policy = reinforce_loss(log_prob, ones, mask, 1);
  const Variable regression = baseline_loss(baseline, ones, mask, 1);
  on.tape().backward(ops::add(policy, regression));
  CHECK(close(policy.value(), tensor({1}, {4})));
  CHECK(close(log_prob.grad(), tensor({1, 3}, {-1, 0, -1})));
  CHECK(close(regression.value(), tensor({1}, {4})));
  CHECK(close(baseline.grad(), tensor({1, 3}, {0, 0, 4})));
}

TEST_CASE("no gradient follows the advantage or the return", "[rl]") {
  Recording on;
  const Variable log_prob = on.input(randn({2, 2}, 1));
  const Variable constant = on.input(randn({2, 2}, 2));
  const Variable baseline = on.input(randn({2, 2}, 3));
  on.tape().backward(
      ops::add(reinforce_loss(log_prob, constant.value(), {}, 2), baseline_loss(baseline, constant.value(), {}, 2)));
  CHECK(log_prob.has_grad());
  CHECK(baseline.has_grad());
  CHECK_FALSE(constant.has_grad());
}

TEST_CASE("the baseline loss is a squared error", "[rl]") {
  Recording on;
  const Variable baseline = on.input(tensor({2, 2}, {1, 2, 3, 4}));
  const Variable loss = baseline_loss(baseline, on.keep(tensor({2, 2}, {0, 2, 5, 1})), {}, 2);
  on.tape().backward(loss);
  CHECK(close(loss.value(), tensor({1}, {(1 + 0 + 4 + 9) / 2.0})));
  CHECK(close(baseline.grad(), tensor({2, 2}, {1, 0, -2, 3})));
}

TEST_CASE("the entropy loss is minus the entropy", "[rl]") {
  Recording on;
  const Variable logits = on.input(zeros({3, 4}));
  CHECK(close(entropy_loss(logits, {}, 3).value(), tensor({1}, {-std::log(4.0)})));
  const TensorView mask = on.keep(tensor({3}, {1, 0, 1}));
  CHECK(close(entropy_loss(logits, mask, 4).value(), tensor({1}, {-std::log(4.0) / 2})));
}

TEST_CASE("losses refuse what does not fit", "[rl]") {
  Recording on;
  const Variable x = on.input(zeros({2, 3}));
  const TensorView other = on.keep(zeros({3, 2}));
  CHECK(has(message_of<ShapeError>([&] { (void)reinforce_loss(x, other, {}, 1); }), "reinforce_loss: advantage"));
  CHECK(has(message_of<ShapeError>([&] { (void)reinforce_loss(x, x.value(), other, 1); }), "reinforce_loss: mask"));
  CHECK(has(message_of<ShapeError>([&] { (void)baseline_loss(x, other, {}, 1); }), "baseline_loss: returns"));
  CHECK(has(message_of<ShapeError>([&] { (void)baseline_loss(x, x.value(), other, 1); }), "baseline_loss: mask"));
  CHECK(has(message_of<ShapeError>([&] { (void)entropy_loss(x, other, 1); }), "entropy_loss: mask"));
  CHECK(has(message_of<ArgumentError>([&] { (void)reinforce_loss(x, x.value(), {}, 0); }), "reinforce_loss: episodes"));
  CHECK(has(message_of<ArgumentError>([&] { (void)baseline_loss(x, x.value(), {}, 0); }), "baseline_loss: episodes"));
  CHECK(has(message_of<ArgumentError>([&] { (void)entropy_loss(x, {}, 0); }), "entropy_loss: episodes"));
}

TEST_CASE("a moving average moves by the rest of its decay", "[rl]") {
  MovingAverage average(0.75);
  CHECK(average.value() == 0);
  average.update(4);
  CHECK(average.value() == 1);
  average.update(1);
  CHECK(average.value() == 1);
  *average.state() = 8;
  average.update(0);
  CHECK(average.value() == 6);
}

#ifdef SACCADE_REAL_DOUBLE
TEST_CASE("the gradients of the losses", "[grad]") {
  Tensor constant = randn({2, 3}, 7);
  Tensor mask = tensor({2, 3}, {1, 1, 0, 1, 0, 1});
  Tensor row_mask = tensor({2}, {1, 0});
  CHECK(check_grad([&](Tape&, auto& in) { return reinforce_loss(in[0], constant, mask, 5); }, {randn({2, 3}, 1)}));
  CHECK(check_grad([&](Tape&, auto& in) { return baseline_loss(in[0], constant, mask, 5); }, {randn({2, 3}, 1)}));
  CHECK(check_grad([&](Tape&, auto& in) { return entropy_loss(in[0], row_mask, 5); }, {randn({2, 3}, 1)}));
}
#endif

}  // namespace
}  // namespace saccade::rl
