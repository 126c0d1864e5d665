#include "core/rl/judge.hpp"

namespace saccade::rl {

Report measures(const Judge& judge, std::span<const double> statistics) {
  const std::size_t count = judge.statistic_count();
  std::vector<double> sums(count);
  for (std::size_t i = 0; i < statistics.size(); ++i) sums[i % count] += statistics[i];
  return judge.report(sums, statistics.size() / count);
}

Report measures(const Judge& judge, Split split, std::span<const Actions> actions) {
  return measures(judge, judge.statistics(split, actions));
}

}  // namespace saccade::rl
