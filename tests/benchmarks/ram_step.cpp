// One training step of the recurrent attention model, the whole of Trainer::step, beside its floor.
//
//   build/release/tests/benchmarks/saccade_benchmarks --benchmark_filter=ram_step
#include "envs/images.hpp"
#include "experiments/trainer.hpp"
#include "tests/benchmarks/floor.hpp"
#include "tests/support/allocations.hpp"

namespace saccade::benchmarks {
namespace {

using namespace experiments;

struct Geometry {
  std::size_t side, glimpses, glimpse_size, scales;
};

/// 2048 images of noise.
envs::ImageRecognition noise_world(std::size_t side) {
  envs::ImageSplits splits{{side, side, 1}, 10, {}, {}, {}};
  random::Stream stream{1, random::Purpose{"benchmark images"}};
  for (std::size_t i = 0; i < 2048; ++i) splits.train.labels.push_back(static_cast<std::uint8_t>(i % 10));
  splits.train.pixels.resize(2048 * side * side);
  for (std::uint8_t& pixel : splits.train.pixels) pixel = static_cast<std::uint8_t>(stream.below(256));
  return {"noise", std::move(splits)};
}

Experiment experiment_of(const Geometry& g, std::size_t batch, Precision precision) {
  ConfigTree tree;
  tree.set("precision=" + std::string(name(precision)));
  const auto set = [&](const char* key, std::size_t value) {
    tree.set(key + std::string("=") + std::to_string(value));
  };
  set("agent.glimpses", g.glimpses);
  set("agent.glimpse.size", g.glimpse_size);
  set("agent.glimpse.scales", g.scales);
  set("trainer.epochs", 1'000'000);
  set("trainer.batch", batch);
  return Experiment(tree);
}

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

/// Time of one thread to begin a batch of episodes: what the prefetch hides where a core is free.
double seconds_of_a_batch(const rl::Environment& world, std::size_t batch) {
  const auto episodes = world.episodes();
  std::vector<rl::EpisodeKey> keys;
  for (std::size_t i = 0; i < batch; ++i) keys.push_back({rl::Split::train, i * 7919 % 2048, i});
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

void measure_step(benchmark::State& state, const Geometry& geometry, Precision precision) {
  const auto batch = static_cast<std::size_t>(state.range(0));
  parallel::Workers workers(static_cast<std::size_t>(state.range(1)));
  const envs::ImageRecognition world = noise_world(geometry.side);
  const Experiment experiment = experiment_of(geometry, batch, precision);
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

void ram_step(benchmark::State& state, const Geometry& geometry) { measure_step(state, geometry, Precision::float32); }

/// The same with products of bfloat16, floor included; skipped with the reason where they cannot be had.
void ram_step_bfloat16(benchmark::State& state, const Geometry& geometry) {
  const std::string reason = reason_against(Precision::bfloat16, product_support());
  if (!reason.empty()) return state.SkipWithError(reason.c_str());
  measure_step(state, geometry, Precision::bfloat16);
}

void settings(benchmark::internal::Benchmark* b) {
  b->ArgNames({"batch", "threads"})
      ->ArgsProduct({{20, 128, 512}, {1, 2}})
      ->UseManualTime()
      ->Unit(benchmark::kMillisecond);
}

BENCHMARK_CAPTURE(ram_step, 28x28, Geometry{28, 6, 8, 1})->Apply(settings);
BENCHMARK_CAPTURE(ram_step, 60x60, Geometry{60, 6, 12, 3})->Apply(settings);
BENCHMARK_CAPTURE(ram_step, 100x100, Geometry{100, 8, 12, 4})->Apply(settings);
BENCHMARK_CAPTURE(ram_step_bfloat16, 28x28, Geometry{28, 6, 8, 1})->Apply(settings);
BENCHMARK_CAPTURE(ram_step_bfloat16, 60x60, Geometry{60, 6, 12, 3})->Apply(settings);
BENCHMARK_CAPTURE(ram_step_bfloat16, 100x100, Geometry{100, 8, 12, 4})->Apply(settings);

}  // namespace
}  // namespace saccade::benchmarks
