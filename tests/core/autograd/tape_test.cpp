#include "core/autograd/tape.hpp"

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "core/errors.hpp"
#include "core/ops/add.hpp"
#include "core/ops/affine.hpp"
#include "core/ops/concatenate.hpp"
#include "core/ops/gaussian_log_prob.hpp"
#include "core/ops/log_softmax.hpp"
#include "core/ops/lstm_gates.hpp"
#include "core/ops/matmul.hpp"
#include "core/ops/multiply.hpp"
#include "core/ops/relu.hpp"
#include "core/ops/reshape.hpp"
#include "core/ops/sigmoid.hpp"
#include "core/ops/slice.hpp"
#include "core/ops/softmax_cross_entropy.hpp"
#include "core/ops/stop_gradient.hpp"
#include "core/ops/sum.hpp"
#include "core/ops/tanh.hpp"
#include "tests/support/allocations.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/messages.hpp"
#include "tests/support/tensors.hpp"

namespace saccade {
namespace {

using namespace tests;

TEST_CASE("gradients of a variable used twice add up", "[tape]") {
  Recording on;
  const Variable x = on.input(tensor({2}, {3, 5}));
  on.tape().backward(ops::sum(ops::add(ops::multiply(x, x), x)));
  CHECK(close(x.grad(), tensor({2}, {7, 11})));
}

TEST_CASE("a value that the loss does not use has a gradient of zeros", "[tape]") {
  Recording on;
  const Variable x = on.input(tensor({2}, {3, 5}));
  const Variable unused = on.input(tensor({3}, {1, 2, 3}));
  on.tape().backward(ops::sum(x));
  CHECK_FALSE(unused.has_grad());
  CHECK(close(unused.grad(), zeros({3}), 0));
}

TEST_CASE("no gradient passes a stop or reaches a constant", "[tape]") {
  Recording on;
  const Variable x = on.input(tensor({2}, {3, 5}));
  const Variable constant = on.constant(tensor({2}, {1, 2}));
  const Variable y = ops::add(ops::multiply(x, ops::stop_gradient(x)), constant);
  on.tape().backward(ops::sum(y));
  CHECK(close(x.grad(), tensor({2}, {3, 5})));
  CHECK_FALSE(constant.requires_grad());
  CHECK_FALSE(constant.has_grad());
  CHECK_FALSE(ops::multiply(constant, constant).requires_grad());
}

TEST_CASE("backward starts from a scalar or from a given gradient", "[tape]") {
  Recording on;
  const Variable x = on.input(tensor({2}, {3, 5}));
  const Variable y = ops::scale(x, 2);
  CHECK(message_of<ShapeError>([&] { on.tape().backward(y); }) ==
        "Tape::backward: loss must have 1 elements, got shape [2]");
  Tensor wrong = zeros({3});
  CHECK(has(message_of<ShapeError>([&] { on.tape().backward(y, wrong); }), "Tape::backward: d_y must have 2 elements"));
  on.tape().backward(y, on.keep(tensor({2}, {1, -1})));
  CHECK(close(x.grad(), tensor({2}, {2, -2})));
}

TEST_CASE("a tape is walked once, and only if it recorded", "[tape]") {
  Recording on;
  const Variable y = ops::sum(on.input(tensor({2}, {3, 5})));
  on.tape().backward(y);
  CHECK(has(message_of<ArgumentError>([&] { on.tape().backward(y); }), "expected a tape that was not walked yet"));
  Recording inference(Tape::Mode::infer);
  const Variable z = ops::sum(inference.input(tensor({2}, {3, 5})));
  CHECK(has(message_of<ArgumentError>([&] { inference.tape().backward(z); }), "expected a tape that records"));
}

/// A store with one layer of random numbers.
struct Layer {
  ParameterStore store;
  Parameter weight = store.add("weight", {2, 3});
  Parameter bias = store.add("bias", {2});
  Parameter unused = store.add("unused", {4});

  Layer() {
    Tensor numbers = randn({2, 3}, 1);
    copy(numbers, store.value(weight));
    fill(store.value(bias), Real(0.1));
  }
};

/// d loss / d weight of a sum over layers on each of the inputs.
Tensor weight_gradient(Layer& layer, std::vector<Tensor> inputs) {
  Tape tape{layer.store};
  tape.begin(Tape::Mode::record);
  Variable total;
  for (Tensor& x : inputs) {
    const Variable part = ops::sum(ops::tanh(ops::linear(tape.constant(x), tape[layer.weight], tape[layer.bias])));
    total = total ? ops::add(total, part) : part;
  }
  tape.backward(total);
  return to_tensor(layer.store.slice(tape.gradients(), layer.weight));
}

TEST_CASE("all uses of a parameter add up to one gradient", "[tape]") {
  Layer layer;
  const std::vector<Tensor> xs{randn({4, 3}, 2), randn({1, 3}, 3), randn({5, 3}, 4)};
  Tensor separate = zeros({2, 3});
  for (const Tensor& x : xs) separate += weight_gradient(layer, {x});
  CHECK(close(separate, weight_gradient(layer, xs)));
}

TEST_CASE("parameters that share operands at the beginning, the end or the middle have their own gradients", "[tape]") {
  ParameterStore store;
  const std::array weights{store.add("all", {2, 3}), store.add("first", {2, 3}), store.add("last", {2, 3}),
                           store.add("middle", {2, 3})};
  const std::array<std::array<bool, 3>, 4> used{
      {{true, true, true}, {true, true, false}, {false, true, true}, {false, true, false}}};
  const std::array<Tensor, 3> xs{randn({4, 3}, 1), randn({1, 3}, 2), randn({5, 3}, 3)};
  const std::array<Tensor, 3> ds{randn({4, 2}, 4), randn({1, 2}, 5), randn({5, 2}, 6)};
  Recording memory;
  Tape tape{store};
  tape.begin(Tape::Mode::record);
  Variable total;
  for (std::size_t i = 0; i < 3; ++i) {
    const Variable x = tape.constant(memory.keep(xs[i]));
    const auto term = [&](std::size_t w) { return ops::AffineTerm{used[w][i] ? x : Variable{}, tape[weights[w]]}; };
    const Variable y = ops::affine({term(0), term(1), term(2), term(3)}, Variable{});
    const Variable part = ops::weighted_sum(y, memory.keep(ds[i]));
    total = total ? ops::add(total, part) : part;
  }
  tape.backward(total);
  for (std::size_t w = 0; w < weights.size(); ++w) {
    Tensor expected = zeros({2, 3});
    for (std::size_t i = 0; i < 3; ++i) {
      Tensor d = ds[i], x = xs[i];
      if (used[w][i]) gemm(d, Transpose::yes, x, Transpose::no, expected, 1);
    }
    INFO(w);
    CHECK(close(store.slice(tape.gradients(), weights[w]), expected));
  }
}

TEST_CASE("a parameter collects deferred and direct gradients", "[tape]") {
  Layer layer;
  Tape tape{layer.store};
  tape.begin(Tape::Mode::record);
  Tensor x = randn({4, 3}, 2);
  const Variable weight = tape[layer.weight];
  const Variable first = ops::sum(ops::linear(tape.constant(x), weight, Variable{}));
  tape.backward(ops::add(first, ops::sum(ops::scale(weight, 2))));
  Tensor expected = zeros({2, 3});
  for (std::size_t i = 0; i < 6; ++i)
    TensorView{expected}[i] = 2 + x(0, i % 3) + x(1, i % 3) + x(2, i % 3) + x(3, i % 3);
  CHECK(close(layer.store.slice(tape.gradients(), layer.weight), expected));
}

TEST_CASE("a parameter that nothing uses has a gradient of zeros in every step", "[tape]") {
  Layer layer;
  Tape tape{layer.store};
  Tensor x = randn({4, 3}, 2);
  tape.begin(Tape::Mode::record);
  tape.backward(ops::add(ops::sum(tape[layer.unused]), ops::sum(tape[layer.bias])));
  CHECK(close(layer.store.slice(tape.gradients(), layer.unused), tensor({4}, {1, 1, 1, 1})));
  tape.begin(Tape::Mode::record);
  (void)tape[layer.unused];
  tape.backward(ops::sum(ops::linear(tape.constant(x), tape[layer.weight], Variable{})));
  CHECK(close(layer.store.slice(tape.gradients(), layer.unused), zeros({4}), 0));
  CHECK(close(layer.store.slice(tape.gradients(), layer.bias), zeros({2}), 0));
}

TEST_CASE("the padding between parameters never gets a gradient", "[tape]") {
  Layer layer;
  Tape tape{layer.store};
  tape.begin(Tape::Mode::record);
  tape.backward(ops::add(ops::sum(tape[layer.unused]), ops::sum(tape[layer.bias])));
  Real total = 0;
  for (const Real d : tape.gradients().span()) total += d;
  CHECK(total == 6);
}

TEST_CASE("one parameter is one variable until the tape begins anew", "[tape]") {
  Layer layer;
  Tape tape{layer.store};
  tape.begin(Tape::Mode::record);
  CHECK(&tape[layer.weight].node() == &tape[layer.weight].node());
  CHECK(tape[layer.weight].value().data() == layer.store.value(layer.weight).data());
  tape.backward(ops::sum(tape[layer.bias]));
  CHECK(tape[layer.bias].grad().data() == layer.store.slice(tape.gradients(), layer.bias).data());
  tape.begin(Tape::Mode::record);
  CHECK_FALSE(tape[layer.bias].has_grad());
}

TEST_CASE("to begin is to forget", "[tape]") {
  Layer layer;
  Tape tape{layer.store};
  tape.begin(Tape::Mode::record);
  (void)ops::sum(ops::scale(tape[layer.bias], 5));
  tape.begin(Tape::Mode::record);
  CHECK(tape.arena().used() == 0);
  for (int repetition = 0; repetition < 2; ++repetition) {
    tape.begin(Tape::Mode::record);
    tape.backward(ops::sum(tape[layer.bias]));
    CHECK(close(tape[layer.bias].grad(), tensor({2}, {1, 1})));
  }
}

TEST_CASE("inference computes the same values and records nothing", "[tape]") {
  Layer layer;
  Tape tape{layer.store};
  Tensor x = randn({4, 3}, 2);
  const auto run = [&](Tape::Mode mode) {
    tape.begin(mode);
    const Variable y = ops::tanh(ops::linear(tape.input(x), tape[layer.weight], tape[layer.bias]));
    CHECK(y.requires_grad() == (mode == Tape::Mode::record));
    return std::pair{to_tensor(y.value()), tape.arena().used()};
  };
  const auto [recorded, memory_of_recording] = run(Tape::Mode::record);
  const auto [inferred, memory_of_inference] = run(Tape::Mode::infer);
  CHECK(recorded == inferred);
  CHECK(memory_of_inference < memory_of_recording);
}

/// One step through every op there is.
void every_op(Tape& tape, const Layer& layer, const TensorView& x, const TensorView& sample) {
  const Variable in = tape.constant(x);
  const Variable h =
      ops::affine({{in, tape[layer.weight]}, {in, tape[layer.weight]}}, tape[layer.bias], ops::Activation::relu);
  const Variable wide = ops::concatenate({h, ops::tanh(h), ops::sigmoid(h), ops::scale(h, 2)});
  const ops::LstmState first = ops::lstm_gates(wide, Variable{});
  const ops::LstmState state = ops::lstm_gates(wide, first.c);
  const std::array<std::int32_t, 4> labels{0, 1, 2, 3};
  const Variable cross_entropy = ops::mean(ops::softmax_cross_entropy(wide, labels));
  const Variable log_prob = ops::sum(ops::gaussian_log_prob(state.h, sample, Real(0.1)));
  const Variable product = ops::matmul(ops::reshape(state.c, {2, 4}), ops::relu(ops::slice(wide, 1, 3)));
  const Variable logs = ops::weighted_sum(ops::log_softmax(state.h), sample);
  tape.backward(ops::add(ops::add(cross_entropy, log_prob), ops::add(ops::sum(ops::multiply(product, product)), logs)));
}

TEST_CASE("a warmed-up step makes no heap allocation", "[tape]") {
  Layer layer;
  Tape tape{layer.store};
  Tensor x = randn({4, 3}, 2), sample = randn({4, 2}, 3);
  const TensorView x_view{x}, sample_view{sample};
  std::size_t before = 0;
  for (int step = 0; step < 5; ++step) {
    if (step == 2) before = allocations();
    tape.begin(Tape::Mode::record);
    every_op(tape, layer, x_view, sample_view);
  }
  const std::size_t made = allocations() - before;
  CHECK(made == 0);
  CHECK(all_finite(tape.gradients()));
}

TEST_CASE("the counter of allocations counts", "[support]") {
#ifndef __SANITIZE_ADDRESS__
  const std::size_t before = allocations();
  const std::vector<int> numbers(1000, 1);
  const std::size_t by_vector = allocations() - before;
  const Tensor x = randn({100}, 1);
  const std::size_t by_both = allocations() - before;
  CHECK(by_vector == 1);
  CHECK(by_both > by_vector);
  CHECK(numbers[999] + x.size() == 101);
#endif
}

TEST_CASE("an array is seen as rows of its last axis", "[tape]") {
  Tensor x = zeros({2, 3, 4});
  CHECK(as_rows(x).shape() == Shape{6, 4});
  Tensor line = zeros({5});
  CHECK(as_rows(line).shape() == Shape{1, 5});
  Real number = 0;
  CHECK(has(message_of<ShapeError>([&] {
              (void)as_rows(TensorView{&number, {}});
            }),
            "as_rows: expected at least one axis"));
}

}  // namespace
}  // namespace saccade
