#include "core/rl/judge.hpp"

namespace saccade::rl {

Report measures(const Judge& judge, Split split, std::span<const Actions> actions) {
  const std::vector<double> each = judge.statistics(split, actions);
  const std::size_t count = judge.statistic_count();
  std::vector<double> sums(count);
  for (std::size_t i = 0; i < each.size(); ++i) sums[i % count] += each[i];
  return judge.report(sums, actions.size());
}

}  // namespace saccade::rl
