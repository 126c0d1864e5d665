#include "tests/benchmarks/floor.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>

#include "core/errors.hpp"

namespace saccade::benchmarks {
double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

double seconds_of(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

Floor::Floor(std::vector<GemmCall> calls, std::size_t shards) : calls_{std::move(calls)}, shards_{shards} {
  if (calls_.size() % shards_ != 0) throw ArgumentError("Floor: the shards of a step must have equal products");
}

void Floor::replay(parallel::Workers& workers) const {
  const std::size_t count = calls_.size() / shards_;
  workers.for_each(shards_, [&](std::size_t shard) {
    for (const GemmCall& call : std::span(calls_).subspan(shard * count, count)) gemm(call);
  });
}

double Floor::operations() const {
  double total = 0;
  for (const GemmCall& call : calls_) {
    const std::size_t inner = call.a.dim(call.transpose_a == Transpose::yes ? 0 : 1);
    total += 2 * static_cast<double>(call.c.size() * inner);
  }
  return total;
}

void Copier::run() {
  std::memcpy(to_.data(), from_.data(), from_.size());
  benchmark::DoNotOptimize(to_.data());
  benchmark::ClobberMemory();
}

double run_beside(benchmark::State& state, const std::function<void()>& prepare, const std::function<void()>& work,
                  const std::function<void()>& floor) {
  for (int i = 0; i < 3; ++i) {
    prepare();
    work();
    floor();
  }
  std::vector<double> own;
  std::vector<double> least;
  for (auto _ : state) {  // NOLINT(clang-analyzer-deadcode.DeadStores)
    prepare();
    own.push_back(seconds_of(work));
    least.push_back(seconds_of(floor));
    state.SetIterationTime(own.back());
  }
  const double seconds = median(own);
  const double floor_seconds = median(least);
  state.counters["ms"] = 1e3 * seconds;
  state.counters["floor_ms"] = 1e3 * floor_seconds;
  state.counters["ratio"] = seconds / floor_seconds;
  return seconds;
}

}  // namespace saccade::benchmarks
