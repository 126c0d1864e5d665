// One training step of the recurrent attention model on 28x28 images, 6 glimpses of 8x8: the whole of Trainer::step.
//
//   build/release/tests/benchmarks/saccade_benchmarks --benchmark_filter=ram_step
#include <benchmark/benchmark.h>

#include <algorithm>

#include "experiments/trainer.hpp"

namespace {

using namespace saccade;
using namespace saccade::experiments;

ConfigTree settings(std::size_t batch) {
  ConfigTree tree;
  tree.set("environment.kind=digits");
  tree.set("environment.train=12800");
  tree.set("environment.validation=1");
  tree.set("environment.test=1");
  tree.set("agent.kind=ram");
  tree.set("trainer.epochs=1000000");
  tree.set("trainer.batch=" + std::to_string(batch));
  return tree;
}

void ram_step(benchmark::State& state) {
  const auto batch = static_cast<std::size_t>(state.range(0));
  parallel::Workers workers(static_cast<std::size_t>(state.range(1)));
  const Experiment experiment(settings(batch));
  const auto environment = experiment.make_environment({{}, &workers});
  const auto agent = experiment.make_agent(environment->spec());
  Trainer trainer(experiment, *environment, *agent, workers);
  for (int i = 0; i < 10; ++i) trainer.step();
  for (auto _ : state) trainer.step();  // NOLINT(clang-analyzer-deadcode.DeadStores)
  state.counters["images/s"] =
      benchmark::Counter(static_cast<double>(batch * state.iterations()), benchmark::Counter::kIsRate);
}

}  // namespace

BENCHMARK(ram_step)
    ->ArgNames({"batch", "threads"})
    ->ArgsProduct({{20, 128, 512}, {1, 2}})
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);
