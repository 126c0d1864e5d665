#include "core/attention/additive_keys.hpp"

#include <cmath>
#include <limits>

#include "core/attention/additive.hpp"
#include "core/errors.hpp"
#include "core/ops/add.hpp"
#include "core/ops/affine.hpp"
#include "core/ops/multiply.hpp"
#include "tests/support/allocations.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/check_grad.hpp"
#include "tests/support/messages.hpp"
#include "tests/support/tensors.hpp"

namespace saccade::attention {
namespace {

using namespace tests;

/// Two steps, the second of which asks with what the first has found, by either way.
struct Run {
  Recording on;
  Variable annotations, weight, bias, v, query, scores;

  Run(std::size_t places, std::size_t size, bool prepared)
      : annotations{on.input(randn({3, places, 6}, 1))},
        weight{on.input(randn({size, 6}, 2))},
        bias{on.input(randn({size}, 3))},
        v{on.input(randn({size}, 4))},
        query{on.input(randn({3, size}, 5))} {
    const auto all = [&](const auto& step) {
      const Variable second = on.input(randn({3, size}, 6));
      scores = ops::add(step(query), step(ops::add(query, second)));
    };
    if (prepared) {
      const AdditiveKeys keys(annotations, weight, bias, v);
      all([&](const Variable& q) { return keys.scores(q); });
    } else {
      const Variable keys = ops::affine({{annotations, weight}}, bias);
      all([&](const Variable& q) { return additive_scores(keys, q, v); });
    }
    Tensor d = randn({3, places}, 7);
    on.tape().backward(scores, d);
  }
};

TEST_CASE("prepared keys score and learn like keys", "[attention]") {
  for (const std::size_t size : {1UL, 5UL, 16UL, 37UL, 64UL}) {
    for (const std::size_t places : {1UL, 4UL, 7UL}) {
      CAPTURE(size, places);
      Run fast(places, size, true), plain(places, size, false);
      CHECK(close(fast.scores.value(), to_tensor(plain.scores.value()), 10 * rounding));
      CHECK(close(fast.annotations.grad(), to_tensor(plain.annotations.grad()), 10 * rounding));
      CHECK(close(fast.weight.grad(), to_tensor(plain.weight.grad()), 10 * rounding));
      CHECK(close(fast.bias.grad(), to_tensor(plain.bias.grad()), 10 * rounding));
      CHECK(close(fast.v.grad(), to_tensor(plain.v.grad()), 10 * rounding));
      CHECK(close(fast.query.grad(), to_tensor(plain.query.grad()), 10 * rounding));
    }
  }
}

TEST_CASE("captions of one image share its prepared keys", "[attention]") {
  constexpr std::size_t captions = 3;
  Tensor annotations = randn({2, 7, 4}, 1), repeated = zeros({2 * captions, 7, 4});
  const Tensor weight = randn({19, 4}, 2), v = randn({19}, 3), query = randn({2 * captions, 19}, 4);
  Tensor d = randn({2 * captions, 7}, 5);
  for (std::size_t row = 0; row < 2 * captions; ++row) {
    copy(TensorView(annotations).rows(row / captions, 1), TensorView(repeated).rows(row, 1));
  }
  const auto run = [&](Recording& on, const Tensor& images) {
    const Variable a = on.input(images), w = on.input(weight), scale = on.input(v), q = on.input(query);
    const Variable scores = AdditiveKeys(a, w, {}, scale).scores(q);
    on.tape().backward(scores, d);
    return std::array{scores.value(), w.grad(), scale.grad(), q.grad(), a.grad()};
  };
  Recording shared_tape, repeated_tape;
  const auto shared = run(shared_tape, annotations), plain = run(repeated_tape, repeated);
  for (std::size_t i = 0; i < 4; ++i) CHECK(close(shared[i], to_tensor(plain[i]), 10 * rounding));
  Tensor sum = zeros({2, 7, 4});
  for (std::size_t row = 0; row < 2 * captions; ++row) {
    add_to(TensorView(sum).rows(row / captions, 1), flat(plain[4].rows(row, 1)));
  }
  CHECK(close(shared[4], sum, 10 * rounding));
}

/// tanh(key + query) as prepared keys compute it.
Real one_tanh(Real key, Real query) {
  Recording on(Tape::Mode::infer);
  const Variable one = on.constant(tensor({1}, {1}));
  const AdditiveKeys keys(on.constant(tensor({1, 1, 1}, {double{key}})), on.constant(tensor({1, 1}, {1})), {}, one);
  return keys.scores(on.constant(tensor({1, 1}, {double{query}}))).value()[0];
}

TEST_CASE("prepared keys are right within some roundings from end to end", "[attention]") {
  double worst = 0;
  for (int i = -200; i <= 200; ++i) {
    for (int j = -200; j <= 200; j += 5) {
      const auto key = static_cast<Real>(i) / 10, query = static_cast<Real>(j) / 10;
      const double expected = std::tanh(double{key} + double{query});
      worst = std::max(worst, std::abs(double{one_tanh(key, query)} - expected));
    }
  }
  CHECK(worst < 3 * double{std::numeric_limits<Real>::epsilon()});
}

TEST_CASE("prepared keys far out", "[attention]") {
  constexpr Real infinity = std::numeric_limits<Real>::infinity();
  const double few = 3 * double{std::numeric_limits<Real>::epsilon()};
  CHECK(std::abs(one_tanh(1e30F, 0) - 1) < few);
  CHECK(std::abs(one_tanh(infinity, 20) - 1) < few);
  CHECK(std::abs(one_tanh(-infinity, 0) + 1) < few);
  CHECK(std::abs(one_tanh(-20, -infinity) + 1) < few);
  CHECK(std::abs(one_tanh(20, -20)) < few);
  CHECK(std::isnan(one_tanh(std::numeric_limits<Real>::quiet_NaN(), 0)));
  CHECK(std::isnan(one_tanh(0, std::numeric_limits<Real>::quiet_NaN())));
}

TEST_CASE("constants get no gradient from prepared keys", "[attention]") {
  Recording on;
  const Variable fixed = on.constant(randn({2, 3, 4}, 1)), weight = on.constant(randn({5, 4}, 2));
  const Variable query = on.input(randn({2, 5}, 3)), v = on.constant(randn({5}, 4));
  const AdditiveKeys keys(fixed, weight, {}, v);
  Tensor d = randn({2, 3}, 5);
  on.tape().backward(keys.scores(query), d);
  CHECK(query.has_grad());
  CHECK_FALSE(fixed.has_grad());
  CHECK_FALSE(weight.has_grad());
  CHECK_FALSE(v.has_grad());
}

TEST_CASE("prepared keys make no heap allocation", "[attention]") {
  Tensor annotations = randn({2, 5, 6}, 1), weight = randn({19, 6}, 2), v = randn({19}, 3), query = randn({2, 19}, 4),
         d = randn({2, 5}, 5);
  const ParameterStore store;
  Tape tape{store};
  const auto step = [&] {
    tape.begin(Tape::Mode::record);
    const AdditiveKeys keys(tape.input(annotations), tape.input(weight), {}, tape.input(v));
    const Variable q = tape.input(query);
    tape.backward(ops::add(keys.scores(q), keys.scores(q)), d);
  };
  step();
  step();
  const std::size_t before = allocations();
  step();
  CHECK(allocations() == before);
}

TEST_CASE("prepared keys refuse what does not fit", "[attention]") {
  Recording on;
  const Variable annotations = on.input(zeros({2, 4, 3})), weight = on.input(zeros({5, 3})), v = on.input(zeros({5}));
  const auto message = [](const Variable& a, const Variable& w, const Variable& scale) {
    return message_of<ShapeError>([&] { AdditiveKeys(a, w, {}, scale); });
  };
  CHECK(message(weight, weight, v) == "AdditiveKeys: annotations must have rank 3, got shape [5, 3]");
  CHECK(message(annotations, v, v) == "AdditiveKeys: weight must have rank 2, got shape [5]");
  CHECK(message(annotations, weight, weight) == "AdditiveKeys: v must have shape [5], got [5, 3]");
  const AdditiveKeys keys(annotations, weight, {}, v);
  CHECK(message_of<ShapeError>([&] { (void)keys.scores(v); }) ==
        "AdditiveKeys::scores: query must have rank 2, got shape [5]");
  CHECK(message_of<ShapeError>([&] { (void)keys.scores(weight); }) ==
        "AdditiveKeys::scores: query must have shape [4, 5], got [5, 3]");
  CHECK(message_of<ShapeError>([&] {
          (void)keys.scores(on.input(zeros({5, 5})));
        }) == "AdditiveKeys::scores: query must have shape [4, 5], got [5, 5]");
}

#ifdef SACCADE_REAL_DOUBLE
TEST_CASE("the gradient of prepared keys", "[grad]") {
  const auto op = [](Tape&, auto& in) {  // the second query depends on the first scores
    const AdditiveKeys keys(in[0], in[1], in[2], in[3]);
    const Variable first = keys.scores(in[4]);
    return keys.scores(ops::multiply(in[4], first));
  };
  CHECK(check_grad(op, {randn({2, 5, 3}, 1), randn({5, 3}, 2), randn({5}, 3), randn({5}, 4), randn({2, 5}, 5)}));
  CHECK(check_grad(op, {randn({1, 18, 2}, 1), randn({18, 2}, 2), randn({18}, 3), randn({18}, 4), randn({1, 18}, 5)}));
  CHECK(check_grad(op, {randn({2, 5, 3}, 1), randn({5, 3}, 2), randn({5}, 3), randn({5}, 4), randn({6, 5}, 5)}));
}
#endif

}  // namespace
}  // namespace saccade::attention
