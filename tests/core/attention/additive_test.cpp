#include "core/attention/additive.hpp"

#include <cmath>
#include <limits>

#include "core/errors.hpp"
#include "core/ops/add.hpp"
#include "core/ops/multiply.hpp"
#include "tests/support/allocations.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/check_grad.hpp"
#include "tests/support/messages.hpp"
#include "tests/support/tensors.hpp"

namespace saccade::attention {
namespace {

using namespace tests;

/// What a plain program would do.
struct Plain {
  Tensor scores, d_keys, d_query, d_v;

  Plain(const Tensor& keys, const Tensor& query, const Tensor& v, const Tensor& d_e)
      : scores{zeros({keys.shape(0), keys.shape(1)})},
        d_keys{zeros({keys.shape(0), keys.shape(1), keys.shape(2)})},
        d_query{zeros({keys.shape(0), keys.shape(2)})},
        d_v{zeros({keys.shape(2)})} {
    for (std::size_t b = 0; b < keys.shape(0); ++b) {
      for (std::size_t l = 0; l < keys.shape(1); ++l) {
        for (std::size_t a = 0; a < keys.shape(2); ++a) {
          const Real t = std::tanh(keys(b, l, a) + query(b, a));
          const Real slope = d_e(b, l) * (1 - t * t);
          scores(b, l) += v(a) * t;
          d_keys(b, l, a) += slope * v(a);
          d_query(b, a) += slope * v(a);
          d_v(a) += d_e(b, l) * t;
        }
      }
    }
  }
};

TEST_CASE("additive scores are those of a plain loop", "[attention]") {
  for (const std::size_t size : {1UL, 5UL, 16UL, 31UL, 64UL, 75UL}) {
    for (const std::size_t places : {1UL, 7UL}) {
      CAPTURE(size, places);
      Recording on;
      const Tensor keys = randn({3, places, size}, 1), query = randn({3, size}, 2), v = randn({size}, 3);
      Tensor d_e = randn({3, places}, 4);
      const Plain plain(keys, query, v, d_e);
      const Variable k = on.input(keys), q = on.input(query), w = on.input(v);
      const Variable e = additive_scores(k, q, w);
      CHECK(close(e.value(), plain.scores));
      on.tape().backward(e, d_e);
      CHECK(close(k.grad(), plain.d_keys));
      CHECK(close(q.grad(), plain.d_query));
      CHECK(close(w.grad(), plain.d_v, 10 * rounding));
    }
  }
}

TEST_CASE("the gradients of several steps add up, and of constants there are none", "[attention]") {
  Recording on;
  const Tensor keys = randn({2, 5, 19}, 1), first = randn({2, 19}, 2), second = randn({2, 19}, 3), v = randn({19}, 4);
  Tensor d_e = randn({2, 5}, 5);
  Plain one(keys, first, v, d_e), two(keys, second, v, d_e);
  const Variable k = on.input(keys), w = on.input(v), p = on.input(first), constant = on.constant(second);
  on.tape().backward(ops::add(additive_scores(k, p, w), additive_scores(k, constant, w)), d_e);
  CHECK(close(k.grad(), one.d_keys + two.d_keys));
  CHECK(close(w.grad(), one.d_v + two.d_v, 10 * rounding));
  CHECK(close(p.grad(), one.d_query));
  CHECK_FALSE(constant.has_grad());

  Recording other;
  const Variable fixed = other.constant(keys), q = other.input(first);
  other.tape().backward(additive_scores(fixed, q, other.constant(v)), d_e);
  CHECK_FALSE(fixed.has_grad());
  CHECK(close(q.grad(), one.d_query));
}

TEST_CASE("far scores are the sum of the weights and have no gradient", "[attention]") {
  Recording on;
  Tensor keys = zeros({1, 2, 3}), d_e = tensor({1, 2}, {1, 1});
  keys.fill(Real{1e30F});
  TensorView{keys}.reshaped({2, 3})(1, 0) = std::numeric_limits<Real>::infinity();
  const Variable k = on.input(keys), q = on.input(tensor({1, 3}, {0, 40, -40})), v = on.input(tensor({3}, {1, 2, 3}));
  const Variable e = additive_scores(k, q, v);
  on.tape().backward(e, d_e);
  CHECK(close(e.value(), tensor({1, 2}, {6, 6}), 0));
  CHECK(close(k.grad(), zeros({1, 2, 3}), 0));
  CHECK(close(v.grad(), tensor({3}, {2, 2, 2}), 0));
}

TEST_CASE("what is not a number is not hidden by additive scores", "[attention]") {
  Recording on;
  Tensor query = zeros({1, 3});
  query(0, 2) = std::numeric_limits<Real>::quiet_NaN();
  const Variable e = additive_scores(on.input(zeros({1, 2, 3})), on.input(query), on.input(zeros({3})));
  CHECK(std::isnan(e.value()[0]));
}

TEST_CASE("additive scores of nothing", "[attention]") {
  Recording on;
  CHECK(additive_scores(on.input(zeros({0, 4, 3})), on.input(zeros({0, 3})), on.input(zeros({3}))).value().size() == 0);
  CHECK(additive_scores(on.input(zeros({2, 0, 3})), on.input(zeros({2, 3})), on.input(zeros({3}))).value().size() == 0);
}

TEST_CASE("additive scores make no heap allocation", "[attention]") {
  Tensor keys = randn({2, 5, 19}, 1), query = randn({2, 19}, 2), v = randn({19}, 3), d_e = randn({2, 5}, 4);
  const ParameterStore store;
  Tape tape{store};
  const auto step = [&] {
    tape.begin(Tape::Mode::record);
    tape.backward(additive_scores(tape.input(keys), tape.input(query), tape.input(v)), d_e);
  };
  step();
  step();
  const std::size_t before = allocations();
  step();
  CHECK(allocations() == before);
}

TEST_CASE("additive scores refuse what does not fit", "[attention]") {
  Recording on;
  const Variable keys = on.input(zeros({2, 4, 3})), query = on.input(zeros({2, 3})), v = on.input(zeros({3}));
  const auto message = [](const Variable& k, const Variable& q, const Variable& w) {
    return message_of<ShapeError>([&] { (void)additive_scores(k, q, w); });
  };
  CHECK(message(query, query, v) == "additive_scores: keys must have rank 3, got shape [2, 3]");
  CHECK(message(keys, v, v) == "additive_scores: query must have shape [2, 3], got [3]");
  CHECK(message(keys, query, query) == "additive_scores: v must have shape [3], got [2, 3]");
}

#ifdef SACCADE_REAL_DOUBLE
TEST_CASE("the gradient of additive scores", "[grad]") {
  const auto once = [](Tape&, auto& in) { return additive_scores(in[0], in[1], in[2]); };
  CHECK(check_grad(once, {randn({2, 3, 5}, 1), randn({2, 5}, 2), randn({5}, 3)}));
  CHECK(check_grad(once, {randn({1, 2, 33}, 1), randn({1, 33}, 2), randn({33}, 3)}));
  const auto steps = [](Tape&, auto& in) {  // the second query depends on the first scores
    const Variable first = additive_scores(in[0], in[1], in[2]);
    return additive_scores(in[0], ops::multiply(in[1], first), in[2]);
  };
  CHECK(check_grad(steps, {randn({2, 4, 4}, 1), randn({2, 4}, 2), randn({4}, 3)}));
}
#endif

}  // namespace
}  // namespace saccade::attention
