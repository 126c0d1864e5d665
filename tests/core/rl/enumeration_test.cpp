#include <array>
#include <cmath>

#include "core/ops/concatenate.hpp"
#include "core/ops/log_softmax.hpp"
#include "core/ops/reshape.hpp"
#include "core/ops/sum.hpp"
#include "core/rl/losses.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/tensors.hpp"

// REINFORCE against the exact gradient, in a world so small that every episode can be counted: two actions of three
// each, the second from a policy that knows the first. Row 0 of the logits is the first policy, row 1 + a the second
// after action a.
namespace saccade::rl {
namespace {

using namespace tests;

constexpr std::size_t actions = 3;
constexpr double tolerance = sizeof(Real) == sizeof(double) ? 1e-12 : 1e-5;

struct Toy {
  Tensor logits = randn({1 + actions, actions}, 1);
  Tensor first_reward = randn({actions}, 2);
  Tensor second_reward = randn({actions, actions}, 3);

  double probability(std::size_t row, std::size_t action) const {
    double sum = 0;
    for (std::size_t k = 0; k < actions; ++k) sum += std::exp(double{logits(row, k)});
    return std::exp(double{logits(row, action)}) / sum;
  }
  /// Expected return after the first action, without its reward.
  double second_value(std::size_t a) const {
    double value = 0;
    for (std::size_t k = 0; k < actions; ++k) value += probability(1 + a, k) * double{second_reward(a, k)};
    return value;
  }
  double return_of(std::size_t a) const { return double{first_reward(a)} + second_value(a); }
  double value() const {
    double value = 0;
    for (std::size_t a = 0; a < actions; ++a) value += probability(0, a) * return_of(a);
    return value;
  }
  /// d value() / d logits, by hand.
  Tensor exact_gradient() const {
    Tensor gradient = zeros({1 + actions, actions});
    for (std::size_t a = 0; a < actions; ++a) {
      gradient(0, a) = static_cast<Real>(probability(0, a) * (return_of(a) - value()));
      for (std::size_t k = 0; k < actions; ++k) {
        const double advantage = double{second_reward(a, k)} - second_value(a);
        gradient(1 + a, k) = static_cast<Real>(probability(0, a) * probability(1 + a, k) * advantage);
      }
    }
    return gradient;
  }
};

/// What is subtracted from the return of the first action, and of the second after each first.
struct Baselines {
  double first = 0;
  std::array<double, actions> second{};
};

Variable pick(Recording& on, const Variable& log_p, std::size_t row, std::size_t action) {
  Tensor chosen = zeros(log_p.shape());
  chosen(row, action) = 1;
  return ops::reshape(ops::weighted_sum(log_p, on.keep(chosen)), {1, 1});
}

/// The gradient that REINFORCE takes from one episode.
Tensor estimate(const Toy& toy, std::size_t a, std::size_t b, const Baselines& baselines) {
  Recording on;
  const Variable logits = on.input(toy.logits);
  const Variable log_p = ops::log_softmax(logits);
  const TensorView rewards = on.keep(tensor({1, 2}, {double{toy.first_reward(a)}, double{toy.second_reward(a, b)}}));
  const TensorView result = on.keep(zeros({1, 2}));
  discounted_returns(rewards, on.keep(tensor({1, 2}, {1, 0})), result);
  advantages(result, on.keep(tensor({1, 2}, {baselines.first, baselines.second[a]})), result);
  const Variable chosen = ops::concatenate({pick(on, log_p, 0, a), pick(on, log_p, 1 + a, b)});
  on.tape().backward(reinforce_loss(chosen, result, {}, 1));
  return to_tensor(logits.grad());
}

struct Moments {
  Tensor mean;
  double variance;
};

/// Over all episodes, each with its probability.
Moments moments(const Toy& toy, const Baselines& baselines) {
  Moments found{zeros({1 + actions, actions}), 0};
  for (std::size_t episode = 0; episode < actions * actions; ++episode) {
    const std::size_t a = episode / actions, b = episode % actions;
    const double p = toy.probability(0, a) * toy.probability(1 + a, b);
    const Tensor gradient = estimate(toy, a, b, baselines);
    for (std::size_t i = 0; i < gradient.size(); ++i) {
      found.mean.flat(i) -= static_cast<Real>(p * double{gradient.flat(i)});  // the loss is minus the return
      found.variance += p * double{gradient.flat(i)} * double{gradient.flat(i)};
    }
  }
  for (const Real m : found.mean) found.variance -= double{m} * double{m};
  return found;
}

Baselines values_of(const Toy& toy) {
  Baselines values{toy.value(), {}};
  for (std::size_t a = 0; a < actions; ++a) values.second[a] = toy.second_value(a);
  return values;
}

TEST_CASE("REINFORCE averages to the exact gradient, whatever the baseline", "[rl]") {
  const Toy toy;
  for (const Baselines& baselines : {Baselines{}, Baselines{5, {-1, 2, 0.5}}, values_of(toy)}) {
    Moments found = moments(toy, baselines);
    CHECK(close(found.mean, toy.exact_gradient(), tolerance));
  }
}

TEST_CASE("the value as baseline lowers the variance of REINFORCE", "[rl]") {
  const Toy toy;
  const double without = moments(toy, {}).variance;
  const double with = moments(toy, values_of(toy)).variance;
  const double foolish = moments(toy, {5, {5, 5, 5}}).variance;
  CAPTURE(with, without, foolish);
  CHECK(with < without);
  CHECK(without < foolish);
}

}  // namespace
}  // namespace saccade::rl
