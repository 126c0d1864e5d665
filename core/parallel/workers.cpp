#include "core/parallel/workers.hpp"

#include <oneapi/tbb/info.h>

namespace saccade::parallel {
namespace {

std::size_t resolve(std::size_t threads) {
  return threads > 0 ? threads : static_cast<std::size_t>(tbb::info::default_concurrency());
}

}  // namespace

Workers::Workers(std::size_t threads) : threads_{resolve(threads)}, arena_{static_cast<int>(threads_)} {
  if (threads_ > 1) limit_.emplace(tbb::global_control::max_allowed_parallelism, threads_);
}

}  // namespace saccade::parallel
