#include "core/nn/convolution.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "core/errors.hpp"
#include "core/io/file.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/check_grad.hpp"
#include "tests/support/tensors.hpp"

namespace saccade::nn {
namespace {

using namespace tests;

/// Element i is sin(i + phase), as in tests/reference/convolution.py.
Tensor waves(const Shape& shape, double phase) {
  Tensor x = zeros(shape);
  const TensorView view{x};
  for (std::size_t i = 0; i < view.size(); ++i) view[i] = static_cast<Real>(std::sin(static_cast<double>(i) + phase));
  return x;
}

Tensor from_json(const nlohmann::json& numbers, const Shape& shape) {
  Tensor x = zeros(shape);
  const TensorView view{x};
  for (std::size_t i = 0; i < view.size(); ++i) view[i] = static_cast<Real>(numbers.at(i).get<double>());
  return x;
}

TEST_CASE("a convolutional layer and its gradients are PyTorch's", "[nn]") {
  const std::string path = SACCADE_SOURCE_DIR "/tests/reference/convolution.json";
  for (const nlohmann::json& reference : nlohmann::json::parse(io::read_file(path))) {
    const auto window = reference.at("window").get<std::vector<std::size_t>>();
    ParameterStore store;
    const Convolution layer(Scope(store, 1), 3, 4, {window[0], window[1], window[2]});
    const Parameter weight = store.find("weight");
    const Parameter bias = store.find("bias");
    Tensor weights = waves(store.shape(weight), 1), bias_values = waves({4}, 2), images = waves({2, 7, 9, 3}, 0);
    copy(weights, store.value(weight));
    copy(bias_values, store.value(bias));
    Tape tape{store};
    tape.begin(Tape::Mode::record);
    const Variable x = tape.input(images);
    const Variable y = layer(x, ops::Activation::tanh);
    const auto shape = reference.at("shape").get<std::vector<std::size_t>>();
    CHECK(y.shape() == Shape(shape));
    CHECK(close(y.value(), from_json(reference.at("y"), y.shape())));
    Tensor d_y = waves(y.shape(), 3);
    tape.backward(y, d_y);
    CHECK(close(x.grad(), from_json(reference.at("d_x"), x.shape()), 10 * rounding));
    CHECK(close(store.slice(tape.gradients(), weight), from_json(reference.at("d_weight"), store.shape(weight)),
                10 * rounding));
    CHECK(close(store.slice(tape.gradients(), bias), from_json(reference.at("d_bias"), {4}), 10 * rounding));
  }
}

TEST_CASE("a convolutional layer has channels, filters and a window", "[nn]") {
  ParameterStore store;
  CHECK_THROWS_AS(Convolution(Scope(store, 1) / "a", 0, 4, {2, 2, 1}), ArgumentError);
  CHECK_THROWS_AS(Convolution(Scope(store, 1) / "b", 1, 0, {2, 2, 1}), ArgumentError);
  CHECK_THROWS_AS(Convolution(Scope(store, 1) / "c", 1, 4, {0, 2, 1}), ArgumentError);
}

#ifdef SACCADE_REAL_DOUBLE
TEST_CASE("the gradient of a convolutional layer", "[grad]") {
  ParameterStore store;
  const Convolution layer(Scope(store, 1), 2, 3, {3, 2, 2});
  Tensor images = randn({2, 5, 6, 2}, 1);
  CHECK(check_parameter_grad(store, [&](Tape& tape) { return layer(tape.constant(images), ops::Activation::tanh); }));
}
#endif

}  // namespace
}  // namespace saccade::nn
