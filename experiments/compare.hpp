#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/rl/judge.hpp"
#include "experiments/bootstrap.hpp"
#include "experiments/compared_run.hpp"

/// Which of several configurations is better, and what of that is significant. Two kinds of chance are told apart:
///
/// - test items: would the same trained networks differ on other items? A paired bootstrap, see bootstrap.hpp.
/// - seeds: would networks trained anew differ? Welch's interval for the difference of two means, with the degrees of
///   freedom of Welch and Satterthwaite rounded down; needs two seeds of either configuration.
///
/// Measures and differences are per cent and points.
namespace saccade::experiments {

struct SeedInterval {
  double low = 0;
  double high = 0;

  [[nodiscard]] bool contains_zero() const { return low <= 0 && high >= 0; }
};

/// 95 % interval of the mean of the second less that of the first (Welch 1947). Nothing with less than two of either,
/// or if neither has any spread: equal counts of a few runs do not mean that all runs are equal.
[[nodiscard]] std::optional<SeedInterval> welch_interval(const std::vector<double>& first,
                                                         const std::vector<double>& second);

/// A measure of the second group less that of the first, both means over seeds.
struct MeasureDifference {
  std::string measure;
  double points = 0;
  std::optional<ItemInterval> items = {};  ///< points
  std::optional<SeedInterval> seeds = {};  ///< points

  /// Whether the second group is the better one.
  [[nodiscard]] bool better() const { return measure == "error" ? points < 0 : points > 0; }
};

/// Two groups, each in one of its modes.
struct ModePair {
  std::string first;
  std::string second;
  std::vector<MeasureDifference> differences = {};
};

struct GroupPair {
  std::size_t first = 0;   ///< index of a group
  std::size_t second = 0;  ///< index of a group
  /// First the leading mode of the first and the nearest one of the second or, where a mode was asked for, those that
  /// lead; of a group and its control that of the control in both, where the group has it too and no mode was asked
  /// for. Then modes of equal name or nearest to it.
  std::vector<ModePair> modes = {};
  std::vector<SettingDifference> settings = {};  ///< that differ: there in the first, here in the second
};

struct Comparison {
  std::vector<ComparedGroup> groups;
  std::vector<std::string> leading;  ///< the mode of each group that was asked for, or chose its parameters
  std::vector<GroupPair> pairs;      ///< each group against the first; each group against its controls
  std::size_t items = 0;             ///< test items; 0 without intervals over them
  std::size_t resamples = 0;
  std::vector<std::string> remarks = {};  ///< why there are no intervals over items and the like, a sentence each
};

struct CompareOptions {
  /// The leading mode is the first one whose name holds this, or of groups without such a mode what is nearest to it;
  /// empty: that of ComparedGroup, or which chose the parameters.
  std::string mode = {};
  std::size_t resamples = 10000;
};

/// Compares groups of one world.
/// @param judge         of their world, if it has one and could be made
/// @param why_no_judge  a sentence for the remarks, where it could not
/// @throws ConfigError  if no group has a mode that options.mode names
/// @throws IoError      if what episodes came to does not fit the measures that were written with it, or the judge
[[nodiscard]] Comparison compare_groups(std::vector<ComparedGroup> groups, const rl::Judge* judge,
                                        const std::string& why_no_judge, const CompareOptions& options,
                                        parallel::Workers& workers);

}  // namespace saccade::experiments
