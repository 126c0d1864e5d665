#pragma once

#include <benchmark/benchmark.h>

#include <functional>
#include <span>
#include <vector>

#include "core/parallel/workers.hpp"
#include "core/tensor/gemm.hpp"

/// What a computation is measured against, in the same run and in turn with it.
namespace saccade::benchmarks {

/// The matrix products of a training step alone: same shapes and memory, same shards, same threads, same kernels,
/// parameters laid out once before.
class Floor {
 public:
  /// @param calls   as recorded from one thread, shard after shard
  /// @param shards  that share them equally
  Floor(std::vector<GemmCall> calls, std::size_t shards);

  void replay(parallel::Workers& workers) const;
  /// Multiplications and additions of one replay.
  [[nodiscard]] double operations() const;

 private:
  std::vector<GemmCall> calls_;
  std::size_t shards_;
};

/// Moves as many bytes as a computation must at least read and write.
class Copier {
 public:
  explicit Copier(std::size_t bytes) : from_(bytes / 2, std::byte{1}), to_(bytes / 2) {}
  void run();

 private:
  std::vector<std::byte> from_;
  std::vector<std::byte> to_;
};

[[nodiscard]] double median(std::vector<double> values);
[[nodiscard]] double seconds_of(const std::function<void()>& work);

/// Measures `work` and `floor` in turn, after `prepare` each time, and reports medians: "ms", "floor_ms" and their
/// "ratio".
/// @return  median seconds of `work`
double run_beside(benchmark::State& state, const std::function<void()>& prepare, const std::function<void()>& work,
                  const std::function<void()>& floor);

}  // namespace saccade::benchmarks
