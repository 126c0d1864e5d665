#include "core/optim/optimiser.hpp"

#include <cmath>
#include <limits>

#include "core/errors.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/messages.hpp"
#include "tests/support/tensors.hpp"

namespace saccade::optim {
namespace {

using namespace tests;

OptimiserConfig config_of(const std::string& kind) {
  OptimiserConfig config;
  config.kind = kind;
  return config;
}

/// Parameters 1 and -2 after two steps of rate 0.1 along the gradients (2, -1) and (-1, 3).
Tensor after_two_steps(const OptimiserConfig& config) {
  parallel::Workers workers(1);
  const auto optimiser = make_optimiser(config, 2);
  Tensor values = tensor({2}, {1, -2});
  Tensor first = tensor({2}, {2, -1});
  Tensor second = tensor({2}, {-1, 3});
  optimiser->step(workers, values, first, 0.1);
  optimiser->step(workers, values, second, 0.1);
  CHECK(optimiser->steps() == 2);
  return values;
}

TEST_CASE("two steps of sgd by hand", "[optim]") {
  OptimiserConfig config = config_of("sgd");
  config.momentum = 0.5;  // velocities 2, -1 and then 0, 2.5
  Tensor values = after_two_steps(config);
  CHECK(close(values, tensor({2}, {1 - 0.2 - 0, -2 + 0.1 - 0.25})));
}

TEST_CASE("two steps of rmsprop by hand", "[optim]") {
  OptimiserConfig config = config_of("rmsprop");
  config.momentum = 0.5;
  config.decay = 0.75;
  config.epsilon = 0.1;
  const auto two = [](double start, double g1, double g2) {
    const double s1 = 0.25 * g1 * g1, s2 = 0.75 * s1 + 0.25 * g2 * g2;
    const double v1 = g1 / (std::sqrt(s1) + 0.1), v2 = 0.5 * v1 + g2 / (std::sqrt(s2) + 0.1);
    return start - 0.1 * v1 - 0.1 * v2;
  };
  Tensor values = after_two_steps(config);
  CHECK(close(values, tensor({2}, {two(1, 2, -1), two(-2, -1, 3)})));
}

TEST_CASE("two steps of adam by hand", "[optim]") {
  OptimiserConfig config = config_of("adam");
  config.beta1 = 0.5;
  config.beta2 = 0.75;
  config.epsilon = 0.1;
  const auto two = [](double start, double g1, double g2) {
    const double m1 = 0.5 * g1, s1 = 0.25 * g1 * g1;
    const double m2 = 0.5 * m1 + 0.5 * g2, s2 = 0.75 * s1 + 0.25 * g2 * g2;
    const double first = (m1 / 0.5) / (std::sqrt(s1 / 0.25) + 0.1);
    const double second = (m2 / 0.75) / (std::sqrt(s2 / 0.4375) + 0.1);
    return start - 0.1 * first - 0.1 * second;
  };
  Tensor values = after_two_steps(config);
  CHECK(close(values, tensor({2}, {two(1, 2, -1), two(-2, -1, 3)})));
}

/// Three steps over many parameters, which several threads share; the optimiser changes hands before the last.
Tensor resumed(const std::string& kind, std::size_t threads, bool change_hands) {
  parallel::Workers workers(threads);
  constexpr std::size_t size = 40'000;
  auto optimiser = make_optimiser(config_of(kind), size);
  Tensor values = randn({size}, 1);
  for (std::uint64_t step = 0; step < 3; ++step) {
    if (change_hands && step == 2) {
      auto next = make_optimiser(config_of(kind), size);
      next->set_steps(optimiser->steps());
      for (std::size_t i = 0; i < next->state().size(); ++i) copy(optimiser->state()[i].value, next->state()[i].value);
      optimiser = std::move(next);
    }
    Tensor gradients = randn({size}, 2 + step);
    optimiser->step(workers, values, gradients, 0.01);
  }
  return values;
}

TEST_CASE("an optimiser goes on exactly from its state, with any number of threads", "[optim]") {
  for (const std::string kind : {"sgd", "rmsprop", "adam"}) {
    CAPTURE(kind);
    const Tensor expected = resumed(kind, 1, false);
    CHECK((resumed(kind, 1, true) == expected));
    CHECK((resumed(kind, 3, false) == expected));
  }
}

TEST_CASE("what has no gradient stays where it is", "[optim]") {
  parallel::Workers workers(1);
  for (const std::string kind : {"sgd", "rmsprop", "adam"}) {
    const auto optimiser = make_optimiser(config_of(kind), 2);
    Tensor values = tensor({2}, {0, 3}), none = zeros({2});
    for (int i = 0; i < 3; ++i) optimiser->step(workers, values, none, 0.1);
    CHECK(close(values, tensor({2}, {0, 3}), 0));
  }
}

TEST_CASE("optimisers refuse what does not fit", "[optim]") {
  parallel::Workers workers(1);
  Tensor two = zeros({2}), three = zeros({3});
  const auto adam = make_optimiser(config_of("adam"), 2);
  CHECK(has(message_of<ShapeError>([&] { adam->step(workers, two, three, 0.1); }), "Optimiser::step: gradients"));
  CHECK(has(message_of<ArgumentError>([] { (void)make_optimiser(config_of("adagrad"), 2); }), "got adagrad"));
}

TEST_CASE("gradients are clipped to a norm", "[optim]") {
  parallel::Workers workers(1);
  Tensor gradients = tensor({2}, {3, -4});
  CHECK(clip_global_norm(workers, gradients, 0) == 5);
  CHECK(clip_global_norm(workers, gradients, 5) == 5);
  CHECK(close(gradients, tensor({2}, {3, -4}), 0));
  CHECK(clip_global_norm(workers, gradients, 1) == 5);
  CHECK(close(gradients, tensor({2}, {0.6, -0.8})));
}

TEST_CASE("clipping tells of what is not finite and changes nothing", "[optim]") {
  parallel::Workers workers(1);
  for (const Real bad : {std::numeric_limits<Real>::quiet_NaN(), std::numeric_limits<Real>::infinity()}) {
    Tensor gradients = tensor({2}, {3, 0});
    gradients(1) = bad;
    CHECK_FALSE(std::isfinite(clip_global_norm(workers, gradients, 1)));
    CHECK(gradients(0) == 3);
  }
  Tensor none = zeros({2});
  CHECK(clip_global_norm(workers, none, 1) == 0);
  CHECK(all_finite(none));
}

}  // namespace
}  // namespace saccade::optim
