#include "tests/benchmarks/training_step.hpp"

#include "experiments/trainer.hpp"
#include "tests/benchmarks/floor.hpp"
#include "tests/support/allocations.hpp"

namespace saccade::benchmarks {
namespace {

using namespace experiments;

/// The products of one step, and the memory that they need.
struct RecordedStep {
  RecordedStep(const Experiment& experiment, const rl::Environment& world)
      : agent{experiment.make_agent(world.spec())}, trainer{experiment, world, *agent, one} {
    trainer.step();
    trainer.step();
    const GemmRecording recording;
    trainer.step();
    calls = recording.calls();
  }

  parallel::Workers one{1};
  std::unique_ptr<rl::Agent> agent;
  Trainer trainer;
  std::vector<GemmCall> calls;
};

/// Time of one thread to begin a batch of episodes.
double seconds_of_a_batch(const rl::Environment& world, std::size_t batch) {
  const auto episodes = world.episodes();
  std::vector<rl::EpisodeKey> keys;
  for (std::size_t i = 0; i < batch; ++i) {
    keys.push_back({rl::Split::train, i * 7919 % world.size(rl::Split::train), i});
  }
  const auto begin = [&] { benchmark::DoNotOptimize(episodes->reset(keys)); };
  begin();
  std::vector<double> times;
  for (int i = 0; i < 20; ++i) times.push_back(seconds_of(begin));
  return median(times);
}

/// Of ten steps of a trainer of one thread.
std::size_t allocations_of(Trainer& trainer) {
  const std::size_t before = tests::allocations();
  for (int i = 0; i < 10; ++i) trainer.step();
  return tests::allocations() - before;
}

}  // namespace

void measure_training_step(benchmark::State& state, const Experiment& experiment, const rl::Environment& world) {
  const std::string reason = reason_against(experiment.precision(), product_support());
  if (!reason.empty()) return state.SkipWithError(reason.c_str());
  const std::size_t batch = experiment.trainer().batch;
  parallel::Workers workers(static_cast<std::size_t>(state.range(1)));
  RecordedStep recorded(experiment, world);
  const std::size_t shard = experiment.trainer().shard;
  const Floor floor(recorded.calls, (batch + shard - 1) / shard);

  const auto agent = experiment.make_agent(world.spec());
  Trainer trainer(experiment, world, *agent, workers);
  const double seconds = run_beside(
      state, [] {}, [&] { trainer.step(); }, [&] { floor.replay(workers); });
  state.counters["allocations"] = static_cast<double>(allocations_of(recorded.trainer)) / 10;
  state.counters["world"] = seconds_of_a_batch(world, batch) / seconds;
  state.counters["per_second"] = static_cast<double>(batch) / seconds;
  state.counters["gflops"] = floor.operations() / seconds / 1e9;
}

void training_step_settings(benchmark::internal::Benchmark* benchmark, const std::vector<std::int64_t>& batches) {
  benchmark->ArgNames({"batch", "threads"})
      ->ArgsProduct({batches, {1, 2}})
      ->UseManualTime()
      ->Unit(benchmark::kMillisecond);
}

}  // namespace saccade::benchmarks
