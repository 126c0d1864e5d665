// One training step of the recurrent attention model, the whole of Trainer::step, beside its floor.
//
//   build/release/tests/benchmarks/saccade_benchmarks --benchmark_filter=ram_step
#include <fmt/format.h>

#include "envs/images.hpp"
#include "tests/benchmarks/training_step.hpp"

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

Experiment experiment_of(const Geometry& g, std::int64_t batch, Precision precision) {
  ConfigTree tree;
  tree.set(fmt::format("precision={}", name(precision)));
  tree.set(fmt::format("agent.glimpses={}", g.glimpses));
  tree.set(fmt::format("agent.glimpse.size={}", g.glimpse_size));
  tree.set(fmt::format("agent.glimpse.scales={}", g.scales));
  tree.set("trainer.epochs=1000000");
  tree.set(fmt::format("trainer.batch={}", batch));
  return Experiment(tree);
}

void ram_step(benchmark::State& state, const Geometry& geometry) {
  measure_training_step(state, experiment_of(geometry, state.range(0), Precision::float32), noise_world(geometry.side));
}

/// The same with products of bfloat16, floor included; skipped with the reason where they cannot be had.
void ram_step_bfloat16(benchmark::State& state, const Geometry& geometry) {
  measure_training_step(state, experiment_of(geometry, state.range(0), Precision::bfloat16),
                        noise_world(geometry.side));
}

void settings(benchmark::internal::Benchmark* b) { training_step_settings(b, {20, 128, 512}); }

BENCHMARK_CAPTURE(ram_step, 28x28, Geometry{28, 6, 8, 1})->Apply(settings);
BENCHMARK_CAPTURE(ram_step, 60x60, Geometry{60, 6, 12, 3})->Apply(settings);
BENCHMARK_CAPTURE(ram_step, 100x100, Geometry{100, 8, 12, 4})->Apply(settings);
BENCHMARK_CAPTURE(ram_step_bfloat16, 28x28, Geometry{28, 6, 8, 1})->Apply(settings);
BENCHMARK_CAPTURE(ram_step_bfloat16, 60x60, Geometry{60, 6, 12, 3})->Apply(settings);
BENCHMARK_CAPTURE(ram_step_bfloat16, 100x100, Geometry{100, 8, 12, 4})->Apply(settings);

}  // namespace
}  // namespace saccade::benchmarks
