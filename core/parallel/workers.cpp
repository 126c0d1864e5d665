#include "core/parallel/workers.hpp"

#include <oneapi/tbb/info.h>

namespace saccade::parallel {

std::size_t available_threads() { return static_cast<std::size_t>(tbb::info::default_concurrency()); }

Workers::Workers(std::size_t threads)
    : threads_{threads > 0 ? threads : available_threads()}, arena_{static_cast<int>(threads_)} {
  if (threads_ > 1) limit_.emplace(tbb::global_control::max_allowed_parallelism, threads_);
}

}  // namespace saccade::parallel
