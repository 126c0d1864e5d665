#pragma once

#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/task_arena.h>

#include <algorithm>
#include <cstddef>
#include <optional>

#include "core/parallel/flush_to_zero.hpp"

namespace saccade::parallel {

/// How many threads this process may keep busy: the cores that it may use.
[[nodiscard]] std::size_t available_threads();

/// The threads that a run works with. What is computed never depends on their number: work is cut into pieces of fixed
/// size, each piece writes its own memory, and sums over pieces are taken in the order of the pieces.
class Workers {
 public:
  /// @param threads  at least 1; 0 for one a core. More threads than cores are allowed.
  explicit Workers(std::size_t threads = 0);

  [[nodiscard]] std::size_t threads() const { return threads_; }

  /// Calls f(i) for i in [0, count), on any thread, and waits; meanwhile numbers too small to be normal are 0 to f (see
  /// FlushToZero). An exception of f reaches the caller.
  template <typename Function>
  void for_each(std::size_t count, const Function& f) {
    const auto flushing = [&](std::size_t i) {
      const FlushToZero flush;
      f(i);
    };
    if (threads_ == 1 || count == 1) {
      for (std::size_t i = 0; i < count; ++i) flushing(i);
      return;
    }
    arena_.execute([&] { tbb::parallel_for(std::size_t{0}, count, flushing, tbb::simple_partitioner()); });
  }

  /// Calls f(begin, end) for consecutive ranges of `grain` items that cover [0, count).
  template <typename Function>
  void for_ranges(std::size_t count, std::size_t grain, const Function& f) {
    const std::size_t pieces = (count + grain - 1) / grain;
    for_each(pieces, [&](std::size_t i) { f(i * grain, std::min(count, (i + 1) * grain)); });
  }

 private:
  std::size_t threads_;
  std::optional<tbb::global_control> limit_;  // for more threads than cores; the lowest limit alive holds for all
  tbb::task_arena arena_;
};

}  // namespace saccade::parallel
