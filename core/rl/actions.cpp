#include "core/rl/actions.hpp"

#include <algorithm>

#include "core/tensor/checks.hpp"

namespace saccade::rl {

void most_probable_actions(const TensorView& log_probs, std::vector<std::int32_t>& actions) {
  check_rank("most_probable_actions", "log_probs", log_probs, 2);
  actions.resize(log_probs.dim(0));
  for (std::size_t b = 0; b < actions.size(); ++b) {
    const TensorView row = log_probs.rows(b, 1);
    actions[b] = static_cast<std::int32_t>(std::max_element(row.begin(), row.end()) - row.begin());
  }
}

}  // namespace saccade::rl
