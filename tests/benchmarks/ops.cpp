// Each op, forward and backward, beside the least that any program would do: the matrix products alone, or moving the
// bytes that go in and out. Sizes of one shard: 64 rows.
//
//   build/release/tests/benchmarks/saccade_benchmarks --benchmark_filter=op/
#include <numeric>

#include "core/attention/additive.hpp"
#include "core/attention/additive_keys.hpp"
#include "core/attention/read.hpp"
#include "core/attention/retina.hpp"
#include "core/nn/linear.hpp"
#include "core/ops/add.hpp"
#include "core/ops/affine.hpp"
#include "core/ops/categorical_entropy.hpp"
#include "core/ops/concatenate.hpp"
#include "core/ops/gaussian_log_prob.hpp"
#include "core/ops/log_softmax.hpp"
#include "core/ops/lstm_gates.hpp"
#include "core/ops/matmul.hpp"
#include "core/ops/multiply.hpp"
#include "core/ops/relu.hpp"
#include "core/ops/sigmoid.hpp"
#include "core/ops/slice.hpp"
#include "core/ops/softmax.hpp"
#include "core/ops/softmax_cross_entropy.hpp"
#include "core/ops/sum.hpp"
#include "core/ops/tanh.hpp"
#include "core/optim/optimiser.hpp"
#include "core/random/stream.hpp"
#include "tests/benchmarks/floor.hpp"

namespace saccade::benchmarks {
namespace {

Tensor noise(const Shape& shape) {
  Tensor x = zeros(shape);
  random::Stream stream{1, random::Purpose{"benchmark numbers"}};
  for (Real& number : TensorView{x}.span()) number = static_cast<Real>(stream.uniform(-1, 1));
  return x;
}

using Inputs = std::vector<Variable>;
using Op = std::function<Variable(const Inputs&)>;

/// An op on inputs of noise, again and again on one tape.
class Bench {
 public:
  Bench(const std::vector<Shape>& shapes, Op op) : op_{std::move(op)} {
    for (const Shape& shape : shapes) values_.push_back(noise(shape));
    forward();
    d_y_ = noise(y_.shape());
  }

  void begin() {
    tape_.begin(Tape::Mode::record);
    inputs_.clear();
    for (Tensor& value : values_) inputs_.push_back(tape_.input(value));
  }
  void forward() {
    if (inputs_.empty()) begin();
    y_ = op_(inputs_);
  }
  void begin_and_forward() {
    begin();
    forward();
  }
  void backward() { tape_.backward(y_, d_y_); }

  /// Bytes that a forward pass must read and write; a backward pass as many again.
  [[nodiscard]] std::size_t bytes() const {
    std::size_t count = y_.value().size();
    for (const Tensor& value : values_) count += value.size();
    return count * sizeof(Real);
  }

 private:
  ParameterStore store_;
  Tape tape_{store_};
  std::vector<Tensor> values_;
  Inputs inputs_;
  Op op_;
  Variable y_;
  Tensor d_y_;
};

enum class Pass { forward, backward };
enum class Least { bytes, products };

void run(benchmark::State& state, const std::vector<Shape>& shapes, const Op& op, Pass pass, Least least) {
  Bench bench(shapes, op);
  const auto prepare = [&] { pass == Pass::forward ? bench.begin() : bench.begin_and_forward(); };
  const auto work = [&] { pass == Pass::forward ? bench.forward() : bench.backward(); };
  if (least == Least::bytes) {
    Copier copier(bench.bytes());
    run_beside(state, prepare, work, [&] { copier.run(); });
    return;
  }
  parallel::Workers one(1);
  Bench recorded(shapes, op);
  pass == Pass::forward ? recorded.begin() : recorded.begin_and_forward();
  std::vector<GemmCall> calls;
  {
    const GemmRecording recording;
    pass == Pass::forward ? recorded.forward() : recorded.backward();
    calls = recording.calls();
  }
  const Floor floor(std::move(calls), 1);
  run_beside(state, prepare, work, [&] { floor.replay(one); });
}

template <typename Function>
void register_op([[maybe_unused]] const std::string& name, [[maybe_unused]] const Function& function) {
#ifndef __clang_analyzer__  // which takes what Google Benchmark keeps to the end for a leak
  benchmark::RegisterBenchmark(("op/" + name).c_str(), function)->UseManualTime();
#endif
}

void add_op(const std::string& name, const std::vector<Shape>& shapes, const Op& op, Least least = Least::bytes) {
  for (const auto& [pass, suffix] : {std::pair(Pass::forward, "/forward"), std::pair(Pass::backward, "/backward")}) {
    register_op(name + suffix, [=, pass = pass](benchmark::State& state) { run(state, shapes, op, pass, least); });
  }
}

std::vector<std::int32_t> labels(std::size_t count, std::size_t classes) {
  std::vector<std::int32_t> result(count);
  for (std::size_t i = 0; i < count; ++i) result[i] = static_cast<std::int32_t>(i * 7919 % classes);
  return result;
}

void add_elementwise() {
  const std::vector<Shape> one{{64, 256}};
  const std::vector<Shape> two{{64, 256}, {64, 256}};
  add_op("add", two, [](const Inputs& in) { return ops::add(in[0], in[1]); });
  add_op("multiply", two, [](const Inputs& in) { return ops::multiply(in[0], in[1]); });
  add_op("scale", one, [](const Inputs& in) { return ops::scale(in[0], 2); });
  add_op("relu", one, [](const Inputs& in) { return ops::relu(in[0]); });
  add_op("tanh", one, [](const Inputs& in) { return ops::tanh(in[0]); });
  add_op("sigmoid", one, [](const Inputs& in) { return ops::sigmoid(in[0]); });
  add_op("sum", one, [](const Inputs& in) { return ops::sum(in[0]); });
  add_op("concatenate", two, [](const Inputs& in) { return ops::concatenate(in); });
  add_op("slice", one, [](const Inputs& in) { return ops::slice(in[0], 64, 128); });
}

void add_fused() {
  add_op("lstm_gates", {{64, 2048}, {64, 512}}, [](const Inputs& in) { return ops::lstm_gates(in[0], in[1]).h; });
  const auto few = labels(64, 10);
  const auto many = labels(64, 4096);
  add_op("softmax_cross_entropy/10", {{64, 10}},
         [few](const Inputs& in) { return ops::softmax_cross_entropy(in[0], few); });
  add_op("softmax_cross_entropy/4096", {{64, 4096}},
         [many](const Inputs& in) { return ops::softmax_cross_entropy(in[0], many); });
  add_op("log_softmax/4096", {{64, 4096}}, [](const Inputs& in) { return ops::log_softmax(in[0]); });
  add_op("categorical_entropy/4096", {{64, 4096}}, [](const Inputs& in) { return ops::categorical_entropy(in[0]); });
  static Tensor draw = noise({64, 2});
  add_op("gaussian_log_prob", {{64, 2}},
         [](const Inputs& in) { return ops::gaussian_log_prob(in[0], draw, Real{0.125}); });
}

void add_products() {
  add_op(
      "matmul", {{64, 256}, {256, 256}}, [](const Inputs& in) { return ops::matmul(in[0], in[1]); }, Least::products);
  add_op(
      "affine/bias+relu", {{64, 256}, {256, 256}, {256}},
      [](const Inputs& in) {
        return ops::affine({{in[0], in[1]}}, in[2], ops::Activation::relu);
      },
      Least::products);
  add_op(
      "affine/two terms+tanh", {{64, 256}, {256, 256}, {64, 256}, {256, 256}, {256}},
      [](const Inputs& in) {
        return ops::affine({{in[0], in[1]}, {in[2], in[3]}}, in[4], ops::Activation::tanh);
      },
      Least::products);
}

/// Six glimpses of 64 images through one layer of 1,024 units, what lays its parameters out included, beside OpenBLAS.
void add_products_of_parameters() {
  register_op("affine/a parameter six times/forward", [](benchmark::State& state) {
    ParameterStore store;
    const nn::Linear layer(nn::Scope(store, 1), 512, 1024);
    Tensor x = noise({64, 512});
    Tape tape(store), recorded(store);
    const auto pass = [&](Tape& on) {
      for (int t = 0; t < 6; ++t) static_cast<void>(layer(on.constant(x)));
    };
    recorded.begin(Tape::Mode::infer);
    std::vector<GemmCall> calls;
    {
      const GemmRecording recording;
      pass(recorded);
      calls = recording.calls();
    }
    for (GemmCall& call : calls) call.products = nullptr;
    parallel::Workers one(1);
    const Floor floor(std::move(calls), 1);
    run_beside(
        state, [&] { tape.begin(Tape::Mode::infer); }, [&] { pass(tape); }, [&] { floor.replay(one); });
  });
}

/// Soft attention for 13 words with one query, the projection of the annotations included.
Variable attend(const Inputs& in) {
  const attention::AdditiveKeys keys(in[0], in[1], in[2], in[3]);
  const Variable annotations = in[0].tape().constant(in[0].value());
  const auto read = [&] { return attention::soft_read(ops::softmax(keys.scores(in[4])), annotations); };
  Variable sum = read();
  for (int word = 1; word < 13; ++word) sum = ops::add(sum, read());
  return sum;
}

/// Attention over the annotations of 32 photographs, as in Xu et al. 2015.
void add_attention() {
  const Shape annotations{32, 196, 512};
  add_op("additive_scores", {annotations, {32, 512}, {512}},
         [](const Inputs& in) { return attention::additive_scores(in[0], in[1], in[2]); });
  add_op("soft_read", {{32, 196}, annotations}, [](const Inputs& in) { return attention::soft_read(in[0], in[1]); });
  add_op("soft_attention/13 words", {annotations, {512, 512}, {512}, {512}, {32, 512}}, attend, Least::products);
}

/// Glimpses of 64 images as in training: images get no gradient, so there is a forward pass alone. The floor moves the
/// pixels that the glimpses cover.
void add_retina(const std::string& name, std::size_t side, const attention::RetinaGeometry& geometry) {
  register_op("retina/" + name + "/forward", [=](benchmark::State& state) {
    ParameterStore store;
    Tape tape(store);
    Tensor images = noise({64, side, side, 1});
    Tensor locations = noise({64, 2});
    std::size_t pixels = 0;
    for (std::size_t k = 0; k < geometry.scales; ++k) pixels += (geometry.size << k) * (geometry.size << k);
    Copier copier(64 * (pixels + geometry.scales * geometry.size * geometry.size) * sizeof(Real));
    run_beside(
        state, [&] { tape.begin(Tape::Mode::infer); },
        [&] { static_cast<void>(attention::retina(tape.constant(images), locations, geometry)); },
        [&] { copier.run(); });
  });
}

/// Beside moving what the rule reads and writes: `arrays` passes over the parameters.
void add_optimiser(const std::string& kind, std::size_t arrays) {
  register_op(kind + "/step", [=](benchmark::State& state) {
    constexpr std::size_t count = 300'000;
    optim::OptimiserConfig config;
    config.kind = kind;
    const auto optimiser = optim::make_optimiser(config, count);
    Tensor values = noise({count});
    Tensor gradients = noise({count});
    parallel::Workers one(1);
    Copier copier(arrays * count * sizeof(Real));
    run_beside(
        state, [] {}, [&] { optimiser->step(one, values, gradients, 1e-3); }, [&] { copier.run(); });
  });
}

const bool registered = [] {
  add_elementwise();
  add_fused();
  add_products();
  add_products_of_parameters();
  add_attention();
  add_retina("28x28", 28, {8, 1, 0});
  add_retina("60x60", 60, {12, 3, 0});
  add_retina("100x100", 100, {12, 4, 0});
  add_optimiser("sgd", 5);
  add_optimiser("rmsprop", 7);
  add_optimiser("adam", 7);
  return true;
}();

}  // namespace
}  // namespace saccade::benchmarks
