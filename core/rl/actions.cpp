#include "core/rl/actions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/errors.hpp"
#include "core/tensor/checks.hpp"

namespace saccade::rl {
namespace {

std::int32_t sample_row(const TensorView& log_probs, double uniform) {
  double cumulative = 0;
  std::int32_t drawn = -1;  // the last possible action, if rounding leaves the sum below the number
  for (std::size_t k = 0; k < log_probs.size(); ++k) {
    const double p = std::exp(static_cast<double>(log_probs[k]));
    if (!std::isfinite(p)) throw NonFiniteError("the probability of an action is not finite");
    if (p > 0 && uniform >= cumulative) drawn = static_cast<std::int32_t>(k);
    cumulative += p;
  }
  if (drawn < 0) throw NonFiniteError("a policy gives no action a probability above 0");
  return drawn;
}

}  // namespace

void most_probable_actions(const TensorView& log_probs, std::vector<std::int32_t>& actions) {
  check_rank("most_probable_actions", "log_probs", log_probs, 2);
  actions.resize(log_probs.dim(0));
  for (std::size_t b = 0; b < actions.size(); ++b) {
    const TensorView row = log_probs.rows(b, 1);
    actions[b] = static_cast<std::int32_t>(std::max_element(row.begin(), row.end()) - row.begin());
  }
}

void mask_actions(const TensorView& log_probs, std::span<const std::int32_t> masked) {
  check_rank("mask_actions", "log_probs", log_probs, 2);
  for (const std::int32_t action : masked) {
    if (action < 0 || static_cast<std::size_t>(action) >= log_probs.dim(1)) {
      throw ArgumentError(fmt::format("mask_actions: expected an action below {}, got {}", log_probs.dim(1), action));
    }
    for (std::size_t b = 0; b < log_probs.dim(0); ++b) {
      log_probs(b, static_cast<std::size_t>(action)) = -std::numeric_limits<Real>::infinity();
    }
  }
}

void sample_actions(const TensorView& log_probs, std::span<random::Stream> streams,
                    std::vector<std::int32_t>& actions) {
  check_rank("sample_actions", "log_probs", log_probs, 2);
  check_dim("sample_actions", "log_probs", log_probs, 0, streams.size());
  actions.resize(streams.size());
  for (std::size_t b = 0; b < streams.size(); ++b) actions[b] = sample_row(log_probs.rows(b, 1), streams[b].uniform());
}

}  // namespace saccade::rl
