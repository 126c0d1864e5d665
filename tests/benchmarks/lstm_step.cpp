// One training step of a language model: an LSTM of 512 units over 20 steps, inputs of 512 numbers, a softmax over
// 4,096 words after each step, Adam. Beside its floor.
#include <numeric>

#include "core/nn/linear.hpp"
#include "core/nn/lstm_cell.hpp"
#include "core/ops/concatenate.hpp"
#include "core/ops/multiply.hpp"
#include "core/ops/reshape.hpp"
#include "core/ops/softmax_cross_entropy.hpp"
#include "core/ops/sum.hpp"
#include "core/optim/optimiser.hpp"
#include "core/parallel/reduce.hpp"
#include "core/random/stream.hpp"
#include "tests/benchmarks/floor.hpp"

namespace saccade::benchmarks {
namespace {

constexpr std::size_t units = 512;
constexpr std::size_t steps = 20;
constexpr std::size_t words = 4096;
constexpr std::size_t shard = 32;

/// A part of the batch with its tape.
struct Shard {
  explicit Shard(const ParameterStore& store)
      : tape{store}, inputs{zeros({steps, shard, units})}, labels(steps * shard) {
    random::Stream stream{1, random::Purpose{"benchmark words"}};
    for (Real& x : TensorView{inputs}.span()) x = static_cast<Real>(stream.normal());
    for (std::int32_t& label : labels) label = static_cast<std::int32_t>(stream.below(words));
  }

  Tape tape;
  Tensor inputs;
  std::vector<std::int32_t> labels;
};

class LanguageModel {
 public:
  explicit LanguageModel(std::size_t batch) : adam_{optim::make_optimiser({}, store_.values().size())} {
    for (std::size_t i = 0; i < batch / shard; ++i) {
      shards_.push_back(std::make_unique<Shard>(store_));
      gradients_.push_back(shards_.back()->tape.gradients());
    }
  }

  void step(parallel::Workers& workers) {
    workers.for_each(shards_.size(), [&](std::size_t i) { walk(*shards_[i]); });
    parallel::ordered_sum(workers, gradients_);
    adam_->step(workers, store_.values(), gradients_.front(), 1e-3);
  }
  [[nodiscard]] std::size_t shards() const { return shards_.size(); }

 private:
  void walk(Shard& s) {
    s.tape.begin(Tape::Mode::record);
    ops::LstmState state;
    std::array<Variable, steps> outputs;
    for (std::size_t t = 0; t < steps; ++t) {
      state = cell_(s.tape.constant(TensorView{s.inputs}.rows(t, 1).reshaped({shard, units})), state);
      outputs[t] = state.h;
    }
    const Variable h = ops::reshape(ops::concatenate(outputs), {shard * steps, units});
    const Variable loss = ops::sum(ops::softmax_cross_entropy(output_(h), s.labels));
    s.tape.backward(ops::scale(loss, Real{1} / static_cast<Real>(shard * steps * shards_.size())));
  }

  ParameterStore store_;
  nn::LstmCell cell_{nn::Scope(store_, 1) / "cell", units, units};
  nn::Linear output_{nn::Scope(store_, 1) / "output", units, words};
  std::unique_ptr<optim::Optimiser> adam_;
  std::vector<std::unique_ptr<Shard>> shards_;
  std::vector<TensorView> gradients_;
};

void lstm_step(benchmark::State& state) {
  const auto batch = static_cast<std::size_t>(state.range(0));
  parallel::Workers workers(static_cast<std::size_t>(state.range(1)));
  parallel::Workers one(1);
  LanguageModel model(batch);
  model.step(one);
  std::vector<GemmCall> calls;
  {
    const GemmRecording recording;
    model.step(one);
    calls = recording.calls();
  }
  const Floor floor(std::move(calls), model.shards());
  LanguageModel measured(batch);
  const double seconds = run_beside(
      state, [] {}, [&] { measured.step(workers); }, [&] { floor.replay(workers); });
  state.counters["per_second"] = static_cast<double>(batch * steps) / seconds;
  state.counters["gflops"] = floor.operations() / seconds / 1e9;
}
BENCHMARK(lstm_step)
    ->ArgNames({"batch", "threads"})
    ->ArgsProduct({{64}, {1, 2}})
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace saccade::benchmarks
