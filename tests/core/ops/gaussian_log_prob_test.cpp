#include "core/ops/gaussian_log_prob.hpp"

#include <cmath>
#include <limits>
#include <numbers>

#include "core/errors.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/check_grad.hpp"
#include "tests/support/messages.hpp"
#include "tests/support/tensors.hpp"

namespace saccade {
namespace {

using namespace tests;

TEST_CASE("gaussian_log_prob is the log of the density", "[ops]") {
  Recording on;
  const Variable mean = on.input(tensor({2, 2}, {0, 0, 1, -1}));
  const TensorView sample = on.keep(tensor({2, 2}, {0, 0, 1.5, -2}));
  const double peak = -2 * std::log(0.5 * std::sqrt(2 * std::numbers::pi));
  const Variable y = ops::gaussian_log_prob(mean, sample, Real{0.5});
  CHECK(close(y.value(), tensor({2}, {peak, peak - (0.25 + 1) / (2 * 0.25)})));
}

TEST_CASE("gaussian_log_prob stays finite far from the mean", "[ops]") {
  Recording on;
  const Variable mean = on.input(tensor({1, 2}, {1e8, -1e8}));
  const Variable y = ops::gaussian_log_prob(mean, on.keep(zeros({1, 2})), Real(0.01));
  on.tape().backward(y);
  CHECK(all_finite(y.value()));
  CHECK(all_finite(mean.grad()));
}

TEST_CASE("gaussian_log_prob refuses what does not fit", "[ops]") {
  Recording on;
  const Variable mean = on.input(zeros({2, 2})), line = on.input(zeros({4}));
  const TensorView sample = on.keep(zeros({2, 2})), other = on.keep(zeros({2, 3}));
  const auto message = [](const Variable& m, const TensorView& s, Real deviation) {
    return message_of<Error>([&] { (void)ops::gaussian_log_prob(m, s, deviation); });
  };
  CHECK(message(mean, other, 1) == "gaussian_log_prob: sample must have shape [2, 2], got [2, 3]");
  CHECK(message(line, sample, 1) == "gaussian_log_prob: mean must have rank 2, got shape [4]");
  CHECK(message(mean, sample, 0) == "gaussian_log_prob: deviation must be positive, got 0");
  CHECK_THROWS_AS(ops::gaussian_log_prob(mean, sample, -1), ArgumentError);
  CHECK_THROWS_AS(ops::gaussian_log_prob(mean, sample, std::numeric_limits<Real>::quiet_NaN()), ArgumentError);
}

#ifdef SACCADE_REAL_DOUBLE
TEST_CASE("the gradient of gaussian_log_prob", "[grad]") {
  for (const Shape& shape : {Shape{1, 1}, Shape{5, 2}, Shape{2, 9}}) {
    Tensor sample = randn(shape, 2);
    CHECK(check_grad([&](Tape&, auto& in) { return ops::gaussian_log_prob(in[0], sample, 0.3); }, {randn(shape, 1)}));
  }
}
#endif

}  // namespace
}  // namespace saccade
