#include "core/ops/affine.hpp"

#include <array>
#include <cmath>
#include <vector>

#include "core/errors.hpp"
#include "core/ops/add.hpp"
#include "core/ops/matmul.hpp"
#include "core/ops/relu.hpp"
#include "core/ops/reshape.hpp"
#include "core/ops/sigmoid.hpp"
#include "core/ops/sum.hpp"
#include "core/ops/tanh.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/check_grad.hpp"
#include "tests/support/messages.hpp"
#include "tests/support/tensors.hpp"

namespace saccade {
namespace {

using namespace tests;

using ops::Activation;

constexpr std::array activations{Activation::none, Activation::relu, Activation::tanh, Activation::sigmoid};

double activated(double p, Activation activation) {
  switch (activation) {
    case Activation::none: return p;
    case Activation::relu: return p > 0 ? p : 0;
    case Activation::tanh: return std::tanh(p);
    case Activation::sigmoid: return 1 / (1 + std::exp(-p));
  }
  return 0;
}

/// f(sum_i x_i W_i^T + b) by the definition; terms are x, W, x, W, ...
Tensor naive_affine(std::vector<Tensor> terms, Tensor bias, Activation activation) {
  const std::size_t rows = terms[0].shape(0), out = terms[1].shape(0);
  Tensor y = zeros({rows, out});
  for (std::size_t n = 0; n < rows; ++n) {
    for (std::size_t k = 0; k < out; ++k) {
      double p = bias.size() == 0 ? 0 : double{bias(k)};
      for (std::size_t t = 0; t < terms.size(); t += 2) {
        for (std::size_t j = 0; j < terms[t].shape(1); ++j) p += double{terms[t](n, j)} * double{terms[t + 1](k, j)};
      }
      y(n, k) = static_cast<Real>(activated(p, activation));
    }
  }
  return y;
}

TEST_CASE("affine agrees with its formula", "[ops]") {
  const std::vector<Tensor> terms{randn({5, 3}, 1), randn({9, 3}, 2), randn({5, 4}, 3),
                                  randn({9, 4}, 4), randn({5, 1}, 5), randn({9, 1}, 6)};
  const Tensor bias = randn({9}, 7);
  for (const Activation f : activations) {
    Recording on;
    std::vector<Variable> v;
    v.reserve(terms.size());
    for (const Tensor& term : terms) v.push_back(on.input(term));
    const Variable b = on.input(bias);
    const std::vector<Tensor> one(terms.begin(), terms.begin() + 2), two(terms.begin(), terms.begin() + 4);
    CHECK(close(ops::affine({{v[0], v[1]}}, b, f).value(), naive_affine(one, bias, f)));
    CHECK(close(ops::affine({{v[0], v[1]}, {v[2], v[3]}}, b, f).value(), naive_affine(two, bias, f)));
    CHECK(close(ops::affine({{v[0], v[1]}, {v[2], v[3]}, {v[4], v[5]}}, b, f).value(), naive_affine(terms, bias, f)));
    CHECK(close(ops::affine({{v[0], v[1]}}, Variable{}, f).value(), naive_affine(one, zeros({0}), f)));
    CHECK(close(ops::affine({{Variable{}, v[3]}, {v[0], v[1]}}, b, f).value(), naive_affine(one, bias, f)));
  }
}

TEST_CASE("linear is affine with one term", "[ops]") {
  Recording on;
  const Variable x = on.input(randn({5, 3}, 1)), w = on.input(randn({2, 3}, 2)), b = on.input(randn({2}, 3));
  CHECK(close(ops::linear(x, w, b).value(), to_tensor(ops::affine({{x, w}}, b).value()), 0));
}

TEST_CASE("affine keeps the leading axes", "[ops]") {
  Recording on;
  const Variable x = on.input(randn({2, 5, 3}, 1)), w = on.input(randn({4, 3}, 2)), b = on.input(randn({4}, 3));
  const Variable y = ops::linear(x, w, b);
  CHECK(y.shape() == Shape{2, 5, 4});
  const Variable flat_y = ops::linear(ops::reshape(x, {10, 3}), w, b);
  CHECK(close(y.value().reshaped({10, 4}), to_tensor(flat_y.value()), 0));
}

/// The same with one op for each step.
Variable plain_twin(const Variable& x, const Variable& weight_transposed, const Variable& bias, Activation activation) {
  const Variable ones = x.tape().constant(x.tape().arena().tensor({x.shape()[0], 1}));
  fill(ones.value(), 1);
  const Variable row = ops::reshape(bias, {1, bias.value().size()});
  const Variable p = ops::add(ops::matmul(x, weight_transposed), ops::matmul(ones, row));
  switch (activation) {
    case Activation::none: break;
    case Activation::relu: return ops::relu(p);
    case Activation::tanh: return ops::tanh(p);
    case Activation::sigmoid: return ops::sigmoid(p);
  }
  return p;
}

TEST_CASE("affine and its plain twin have the same values and gradients", "[ops]") {
  for (const Activation f : activations) {
    const Tensor weight = randn({4, 3}, 2);
    Recording on;
    const Variable x = on.input(randn({5, 3}, 1)), w = on.input(weight), b = on.input(randn({4}, 3));
    const Variable x_twin = on.input(randn({5, 3}, 1)), w_twin = on.input(transposed(weight)),
                   b_twin = on.input(randn({4}, 3));
    const Variable y = ops::affine({{x, w}}, b, f);
    const Variable y_twin = plain_twin(x_twin, w_twin, b_twin, f);
    CHECK(close(y.value(), to_tensor(y_twin.value())));
    const TensorView weights = on.keep(randn({5, 4}, 4));
    on.tape().backward(ops::add(ops::weighted_sum(y, weights), ops::weighted_sum(y_twin, weights)));
    CHECK(close(x.grad(), to_tensor(x_twin.grad())));
    CHECK(close(w.grad(), transposed(to_tensor(w_twin.grad()))));
    CHECK(close(b.grad(), to_tensor(b_twin.grad())));
  }
}

TEST_CASE("affine leaves the gradient of its output as it came", "[ops]") {
  for (const Activation f : activations) {
    Recording on;
    const Variable x = on.input(randn({5, 3}, 1)), w = on.input(randn({4, 3}, 2)), b = on.input(randn({4}, 3));
    const Variable y = ops::affine({{x, w}}, b, f);
    const Tensor d_y = randn({5, 4}, 4);
    on.tape().backward(y, on.keep(d_y));
    CHECK(close(y.grad(), d_y, 0));
  }
}

TEST_CASE("affine stays finite for extreme inputs", "[ops]") {
  for (const Activation f : {Activation::tanh, Activation::sigmoid}) {
    Recording on;
    const Variable x = on.input(tensor({4, 1}, {-1e30, -500, 500, 1e30})), w = on.input(tensor({1, 1}, {1}));
    const Variable y = ops::affine({{x, w}}, Variable{}, f);
    on.tape().backward(ops::sum(y));
    CHECK(all_finite(y.value()));
    CHECK(close(x.grad(), zeros({4, 1})));
  }
}

TEST_CASE("affine refuses what does not fit", "[ops]") {
  Recording on;
  const Variable x = on.input(zeros({5, 3})), w = on.input(zeros({4, 3})), b = on.input(zeros({3}));
  const Variable other = on.input(zeros({6, 3})), narrow = on.input(zeros({4, 2})), none;
  const auto message = [](std::initializer_list<ops::AffineTerm> terms, const Variable& bias) {
    return message_of<Error>([&] { (void)ops::affine(terms, bias); });
  };
  CHECK(message({{x, narrow}}, none) == "affine: weight must have shape [4, 3], got [4, 2]");
  CHECK(message({{x, w}, {other, w}}, none) == "affine: x must have extent 5 on axis 0, got shape [6, 3]");
  CHECK(message({{x, b}}, none) == "affine: weight must have rank 2, got shape [3]");
  CHECK(message({{x, w}}, b) == "affine: bias must have shape [4], got [3]");
  CHECK(message({{none, w}}, none) == "affine: expected at least one term, got none");
  CHECK(message({{x, w}, {x, w}, {x, w}, {x, w}, {x, w}}, none) == "affine: expected at most four terms, got more");
  CHECK_THROWS_AS(ops::affine({{none, w}}, none), ArgumentError);
  CHECK_THROWS_AS(ops::affine({{x, w}}, b), ShapeError);
  Real number = 0;
  CHECK(has(message({{on.tape().constant(TensorView{&number, {}}), w}}, none), "affine: x"));
}

#ifdef SACCADE_REAL_DOUBLE
TEST_CASE("the gradient of affine", "[grad]") {
  for (const Activation f : activations) {
    const auto one = [f](Tape&, auto& in) { return ops::affine({{in[0], in[1]}}, in[2], f); };
    const auto two = [f](Tape&, auto& in) { return ops::affine({{in[0], in[1]}, {in[2], in[3]}}, in[4], f); };
    const auto three = [f](Tape&, auto& in) {
      return ops::affine({{in[0], in[1]}, {in[2], in[3]}, {in[0], in[3]}}, Variable{}, f);
    };
    CHECK(check_grad(one, {randn({5, 3}, 1), randn({4, 3}, 2), randn({4}, 3)}));
    CHECK(check_grad(one, {randn({1, 1}, 1), randn({1, 1}, 2), randn({1}, 3)}));
    CHECK(check_grad(one, {randn({2, 3, 2}, 1), randn({4, 2}, 2), randn({4}, 3)}));
    CHECK(check_grad(one, {randn({3}, 1), randn({4, 3}, 2), randn({4}, 3)}));
    CHECK(check_grad(two, {randn({5, 3}, 1), randn({4, 3}, 2), randn({5, 2}, 3), randn({4, 2}, 4), randn({4}, 5)}));
    CHECK(check_grad(three, {randn({5, 3}, 1), randn({4, 3}, 2), randn({5, 3}, 3), randn({4, 3}, 4)}));
  }
}

TEST_CASE("the gradient of a recurrence of affine steps", "[grad]") {
  ParameterStore store;
  const Parameter recurrent = store.add("recurrent", {3, 3});
  const Parameter in = store.add("in", {3, 2});
  const Parameter bias = store.add("bias", {3});
  Tensor numbers = randn(store.values().shape(), 1);
  for (std::size_t i = 0; i < store.size(); ++i) copy(store.slice(numbers, Parameter{i}), store.value(Parameter{i}));
  Tensor x = randn({4, 2}, 2);
  CHECK(check_parameter_grad(store, [&](Tape& tape) {
    Variable h;
    for (int step = 0; step < 4; ++step) {
      h = ops::affine({{h, tape[recurrent]}, {tape.constant(x), tape[in]}}, tape[bias], Activation::tanh);
    }
    return h;
  }));
}
#endif

}  // namespace
}  // namespace saccade
