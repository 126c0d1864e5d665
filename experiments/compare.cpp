#include "experiments/compare.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "core/errors.hpp"

namespace saccade::experiments {
namespace {

using Names = std::pair<std::string, std::string>;

std::string before_comma(const std::string& name) { return name.substr(0, name.find(',')); }

/// The mode of a group that is nearest to one of another group: of equal name, or of equal beginning ("greedy, drawn
/// context" and "greedy"), or the leading one.
std::string nearest_mode(const std::string& mode, const ComparedGroup& group, const std::string& leading) {
  if (group.find(mode) != nullptr) return mode;
  for (const TestedMode& other : group.modes()) {
    if (before_comma(other.name) == before_comma(mode)) return other.name;
  }
  return leading;
}

/// A group acts against its control as that does, if it can, and otherwise as near as can be to the first one.
Names like_modes(const ComparedGroup& first, const std::string& first_leading, const ComparedGroup& second,
                 const std::string& second_leading) {
  if (is_control_of(second, first) && first.find(second_leading) != nullptr) return {second_leading, second_leading};
  if (is_control_of(first, second) && second.find(first_leading) != nullptr) return {first_leading, first_leading};
  const std::string nearest = nearest_mode(first_leading, second, second_leading);
  if (before_comma(nearest) == before_comma(first_leading)) return {first_leading, nearest};
  return {nearest_mode(nearest, first, first_leading), nearest};
}

std::vector<ModePair> mode_pairs(const ComparedGroup& first, const std::string& first_leading,
                                 const ComparedGroup& second, const std::string& second_leading, bool asked) {
  std::vector<Names> names{{first_leading, second_leading}};
  if (!asked) names.front() = like_modes(first, first_leading, second, second_leading);
  const auto add = [&](Names pair) {
    if (std::find(names.begin(), names.end(), pair) == names.end()) names.push_back(std::move(pair));
  };
  for (const TestedMode& mode : first.modes()) add({mode.name, nearest_mode(mode.name, second, second_leading)});
  for (const TestedMode& mode : second.modes()) add({nearest_mode(mode.name, first, first_leading), mode.name});
  std::vector<ModePair> pairs;
  for (const auto& [a, b] : names) pairs.push_back({a, b});
  return pairs;
}

/// The measures, and how often places were those of what words name.
std::vector<MeasureDifference> differences_over_seeds(const ComparedGroup& first, const ComparedGroup& second,
                                                      const ModePair& modes) {
  std::vector<MeasureDifference> differences;
  const auto add = [&](const std::string& name) {
    const std::vector<double> a = times(100, first.values(modes.first, name));
    const std::vector<double> b = times(100, second.values(modes.second, name));
    if (a.empty() || b.empty()) return;
    differences.push_back({name, seed_statistics(b).mean - seed_statistics(a).mean, {}, welch_interval(a, b)});
  };
  for (const auto& measure : first.find(modes.first)->measures) add(measure.first);
  add("pointing");
  return differences;
}

void add_pair(Comparison& c, std::size_t first, std::size_t second, bool asked) {
  GroupPair pair{first, second,
                 mode_pairs(c.groups[first], c.leading[first], c.groups[second], c.leading[second], asked)};
  pair.settings = differing_settings(c.groups[first], c.groups[second]);
  for (ModePair& modes : pair.modes)
    modes.differences = differences_over_seeds(c.groups[first], c.groups[second], modes);
  c.pairs.push_back(std::move(pair));
}

/// @param asked  whether the user named a mode for all
void add_pairs(Comparison& c, bool asked) {
  const auto add = [&](std::size_t first, std::size_t second) {
    add_pair(c, first, second, asked || !c.groups[first].asked_mode.empty() || !c.groups[second].asked_mode.empty());
  };
  for (std::size_t i = 1; i < c.groups.size(); ++i) add(0, i);
  for (std::size_t i = 1; i < c.groups.size(); ++i) {
    for (std::size_t control = 1; control < c.groups.size(); ++control) {
      if (is_control_of(c.groups[control], c.groups[i])) add(control, i);
    }
  }
}

/// That which a row of a table asked for, or which chose the parameters.
const std::string& own_mode(const ComparedGroup& group) {
  return group.find(group.asked_mode) != nullptr ? group.asked_mode : group.modes().front().name;
}

/// The name of the first mode of a group that holds these words; empty if none does.
std::string mode_with(const std::string& words, const ComparedGroup& group) {
  for (const TestedMode& mode : group.modes()) {
    if (mode.name.find(words) != std::string::npos) return mode.name;
  }
  return {};
}

/// Of groups that have no mode with the words that a user asked for, what is nearest to the first that others have.
std::vector<std::string> leading_modes(const std::vector<ComparedGroup>& groups, const std::string& wanted) {
  std::vector<std::string> leading;
  for (const ComparedGroup& group : groups) {
    leading.push_back(wanted.empty() ? own_mode(group) : mode_with(wanted, group));
  }
  const auto first = std::find_if(leading.begin(), leading.end(), [](const auto& mode) { return !mode.empty(); });
  if (first == leading.end()) {
    throw ConfigError(fmt::format("compare: no run was tested in a mode whose name holds {}", wanted));
  }
  for (std::size_t g = 0; g < groups.size(); ++g) {
    if (leading[g].empty()) leading[g] = nearest_mode(*first, groups[g], own_mode(groups[g]));
  }
  return leading;
}

/// Item by item, from what a run left.
class Statistics {
 public:
  Statistics(const std::vector<ComparedGroup>& groups, const rl::Judge* judge) : groups_{&groups}, judge_{judge} {}

  /// The statistics of each run of a group in a mode; none if one of them left no predictions.
  [[nodiscard]] std::vector<ItemStatistics> of(std::size_t group, const std::string& mode,
                                               parallel::Workers& workers) const {
    const std::vector<RunDetails>& runs = (*groups_)[group].details;
    std::vector<ItemStatistics> statistics(runs.size());
    workers.for_each(runs.size(), [&](std::size_t i) {
      for (const TestedMode& tested : runs[i].modes) {
        if (tested.name == mode && tested.predictions) statistics[i] = of_run((*groups_)[group].row.runs[i], tested);
      }
    });
    const auto missing = [](const ItemStatistics& run) { return run.items == 0; };
    if (std::any_of(statistics.begin(), statistics.end(), missing)) return {};
    return statistics;
  }

  [[nodiscard]] std::vector<double> measures(std::span<const double> sums, std::size_t items) const {
    if (judge_ == nullptr) return {sums[0] / static_cast<double>(items)};
    std::vector<double> values;
    for (const auto& measure : judge_->report(sums, items)) values.push_back(measure.second);
    return values;
  }

 private:
  [[nodiscard]] ItemStatistics of_run(const RunResult& run, const TestedMode& tested) const {
    const Predictions& p = *tested.predictions;
    if (judge_ != nullptr) return judged(run, tested);
    ItemStatistics statistics{p.episodes, 1, std::vector<double>(p.episodes)};
    for (const std::size_t episode : p.wrong) statistics.values[episode] = 1;
    return statistics;
  }

  [[nodiscard]] ItemStatistics judged(const RunResult& run, const TestedMode& tested) const {
    const Predictions& p = *tested.predictions;
    ItemStatistics statistics{p.actions.size(), judge_->statistic_count(), {}};
    try {
      statistics.values = judge_->statistics(rl::Split::test, p.actions);
    } catch (const ArgumentError& error) {
      throw IoError(fmt::format("{}: is not of this world: {}", run.folder.string(), error.what()));
    }
    check_measures(run, tested, statistics);
    return statistics;
  }

  /// The references must be those that the run was tested with.
  void check_measures(const RunResult& run, const TestedMode& tested, const ItemStatistics& statistics) const {
    const rl::Report report = rl::measures(*judge_, statistics.values);
    for (std::size_t m = 0; m < report.size() && m < tested.measures.size(); ++m) {
      if (report[m].first == tested.measures[m].first && std::abs(report[m].second - tested.measures[m].second) < 1e-9)
        continue;
      throw IoError(
          fmt::format("{}: in mode {} the world gives {} {} where the run was tested with {} {}: their references "
                      "differ, or the measure was another one then",
                      run.folder.string(), tested.name, report[m].first, report[m].second, tested.measures[m].first,
                      tested.measures[m].second));
    }
  }

  const std::vector<ComparedGroup>* groups_;
  const rl::Judge* judge_;
};

using ReplicatesByMode = std::map<std::pair<std::size_t, std::string>, Replicates>;

void remark(Comparison& c, std::string sentence) {
  if (std::find(c.remarks.begin(), c.remarks.end(), sentence) == c.remarks.end())
    c.remarks.push_back(std::move(sentence));
}

/// Of the first run that has none in this mode.
void remark_missing(Comparison& c, const ComparedGroup& group, const std::string& mode) {
  std::size_t run = 0;
  while (run + 1 < group.details.size() && group.details[run].has_predictions(mode)) ++run;
  const std::string folder = group.row.runs[run].folder.string();
  if (group.details[run].has_predictions()) {
    return remark(c, fmt::format("{}/predictions.jsonl holds nothing of the mode {}, so nothing is said of the test "
                                 "items of {} in it.",
                                 folder, mode, group.row.name));
  }
  remark(c, fmt::format("{0} left no predictions.jsonl, so nothing is said of the test items of {1}; where its "
                        "checkpoint is, `saccade run --resume --out {0}` writes the file.",
                        folder, group.row.name));
}

/// Where some know their data and some do not, nobody checks that they are the same.
void remark_data(Comparison& c) {
  std::vector<std::string> without;
  bool with = false;
  for (const ComparedGroup& group : c.groups) {
    for (const RunResult& run : group.row.runs) {
      with = with || !run.data.empty();
      if (run.data.empty()) without.push_back(run.folder.string());
    }
  }
  if (!with || without.empty()) return;
  const bool one = without.size() == 1;
  remark(c, fmt::format("{} left no data.txt, so it is not known whether {} seen the same data as others.",
                        fmt::join(without, ", "), one ? "it has" : "they have"));
}

ReplicatesByMode resample(Comparison& c, const Statistics& statistics, parallel::Workers& workers) {
  ReplicatesByMode replicates;
  const auto measures_of = [&](std::span<const double> sums, std::size_t items) {
    return statistics.measures(sums, items);
  };
  for (std::size_t g = 0; g < c.groups.size(); ++g) {
    for (const TestedMode& mode : c.groups[g].modes()) {
      const std::vector<ItemStatistics> runs = statistics.of(g, mode.name, workers);
      if (runs.empty()) {
        remark_missing(c, c.groups[g], mode.name);
        continue;
      }
      if (c.items != 0 && c.items != runs.front().items) {
        throw IoError(fmt::format("{}: has {} test items where others have {}",
                                  c.groups[g].row.runs.front().folder.string(), runs.front().items, c.items));
      }
      c.items = runs.front().items;
      replicates[{g, mode.name}] = bootstrap(runs, measures_of, c.resamples, workers);
    }
  }
  return replicates;
}

std::size_t index_of(const rl::Report& report, const std::string& name) {
  const auto found = std::find_if(report.begin(), report.end(), [&](const auto& m) { return m.first == name; });
  return static_cast<std::size_t>(found - report.begin());
}

void add_items(Comparison& c, const ReplicatesByMode& replicates) {
  for (GroupPair& pair : c.pairs) {
    for (ModePair& modes : pair.modes) {
      const auto first = replicates.find({pair.first, modes.first});
      const auto second = replicates.find({pair.second, modes.second});
      if (first == replicates.end() || second == replicates.end()) continue;
      for (MeasureDifference& difference : modes.differences) {
        const rl::Report& measures = c.groups[pair.first].find(modes.first)->measures;
        const std::size_t m = index_of(measures, difference.measure);
        if (m == measures.size()) continue;
        const ItemInterval interval = difference_interval(first->second, second->second, m);
        difference.items = {100 * interval.low, 100 * interval.high, interval.share};
      }
    }
  }
}

}  // namespace

std::optional<SeedInterval> welch_interval(const std::vector<double>& first, const std::vector<double>& second) {
  if (first.size() < 2 || second.size() < 2) return std::nullopt;
  const SeedStatistics one = seed_statistics(first);
  const SeedStatistics other = seed_statistics(second);
  const double a = one.deviation * one.deviation / static_cast<double>(one.n);
  const double b = other.deviation * other.deviation / static_cast<double>(other.n);
  const double difference = other.mean - one.mean;
  if (a + b <= 0) return std::nullopt;
  const double degrees =
      (a + b) * (a + b) / (a * a / static_cast<double>(one.n - 1) + b * b / static_cast<double>(other.n - 1));
  const double half = t_quantile(std::max<std::size_t>(1, static_cast<std::size_t>(degrees + 1e-9))) * std::sqrt(a + b);
  return SeedInterval{difference - half, difference + half};
}

Comparison compare_groups(std::vector<ComparedGroup> groups, const rl::Judge* judge, const std::string& why_no_judge,
                          const CompareOptions& options, parallel::Workers& workers) {
  Comparison c{std::move(groups), {}, {}, 0, options.resamples};
  c.leading = leading_modes(c.groups, options.mode);
  add_pairs(c, !options.mode.empty());
  const bool judged = c.groups.front().judged();
  if (judged && judge == nullptr) {
    c.remarks.push_back(why_no_judge);
  } else {
    const Statistics statistics(c.groups, judged ? judge : nullptr);
    add_items(c, resample(c, statistics, workers));
  }
  remark_data(c);
  return c;
}

}  // namespace saccade::experiments
