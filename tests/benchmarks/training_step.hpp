#pragma once

#include <benchmark/benchmark.h>

#include "core/rl/environment.hpp"
#include "experiments/experiment.hpp"

namespace saccade::benchmarks {

/// Measures the whole of Trainer::step beside its floor. The arguments of the benchmark are the batch and the number of
/// threads. Beside what run_beside reports: "per_second" (episodes), "gflops", heap "allocations" of a step, and
/// "world", the time that one thread takes to begin a batch of episodes over that of the step: what the prefetch hides
/// where a core is free. Products of bfloat16 that cannot be had skip the benchmark with the reason.
void measure_training_step(benchmark::State& state, const experiments::Experiment& experiment,
                           const rl::Environment& world);

/// Batches and threads of a training step, and its time by hand.
void training_step_settings(benchmark::internal::Benchmark* benchmark, const std::vector<std::int64_t>& batches);

}  // namespace saccade::benchmarks
