#pragma once

#include <optional>
#include <string>
#include <vector>

#include "experiments/config.hpp"
#include "experiments/predictions.hpp"
#include "experiments/summary.hpp"

/// What a comparison reads of finished runs, without their checkpoints.
namespace saccade::experiments {

/// How a run was tested in one way to act.
struct TestedMode {
  std::string name;
  rl::Report measures;   ///< the judge's, each better when greater; or "error" alone
  rl::Report attention;  ///< see attention_report
  std::optional<Predictions> predictions = {};
  std::vector<double> entropy_by_step = {};  ///< nats; of runs that wrote it
};

/// A run's first measure on validation after an epoch.
struct CurvePoint {
  double epoch = 0;
  double value = 0;
};

/// What stands in a run's files beside RunResult.
struct RunDetails {
  std::vector<TestedMode> modes;  ///< of test; the one that chose the parameters first
  std::optional<double> parameters = {};
  double peak_memory_mb = 0;
  std::vector<CurvePoint> curve = {};

  /// In a mode; in any, if it is empty.
  [[nodiscard]] bool has_predictions(const std::string& mode = {}) const;
};

/// Finished runs of one configuration.
struct ComparedGroup {
  RunRow row;
  std::vector<RunDetails> details;     ///< of each run of the row
  std::string world;                   ///< environment.kind
  std::string attention = {};          ///< agent.attention, where there is such a key
  std::string locations = {};          ///< agent.locations
  std::string glimpses = {};           ///< agent.glimpses
  std::string asked_mode = {};         ///< the way to act that a user asked for by a row of a table; empty for none
  std::vector<std::string> idle = {};  ///< keys of settings that do nothing as its others are

  /// Whether a judge decided on its episodes.
  [[nodiscard]] bool judged() const { return details.front().modes.front().measures.front().first != "error"; }
  [[nodiscard]] const std::vector<TestedMode>& modes() const { return details.front().modes; }
  [[nodiscard]] const TestedMode* find(const std::string& mode) const;
  /// A number of each run in one mode, where each run has it. @param name  of a measure or of attention
  [[nodiscard]] std::vector<double> values(const std::string& mode, const std::string& name) const;
  /// Mean over runs, as far as all go; empty unless all wrote it.
  [[nodiscard]] std::vector<double> entropy_by_step(const std::string& mode) const;
};

/// Reads runs and groups them by their configurations, in the order of their first folders.
/// @throws IoError      if a folder holds no finished run, or its files do not fit each other
/// @throws ConfigError  naming what differs, unless all are of one world, or of the same captions by their
///                      data.txt, and of two configurations or more
/// @throws IoError      if their data.txt say that their data differ
[[nodiscard]] std::vector<ComparedGroup> read_groups(const std::vector<std::filesystem::path>& runs);

/// Between the resolved configurations of two groups, but for what does nothing in one of them.
[[nodiscard]] std::vector<SettingDifference> differing_settings(const ComparedGroup& first,
                                                                const ComparedGroup& second);

/// Whether a group is what tells if the attention of another one has learned anything: places at random or the mean of
/// all, instead of those that are chosen, and the same settings but for how places are chosen and learned and how much
/// is evaluated.
[[nodiscard]] bool is_control_of(const ComparedGroup& control, const ComparedGroup& group);

struct NamedRuns {
  std::vector<std::filesystem::path> runs;
  std::string mode = {};  ///< of a table's row that has one: the way to act that it shows
};

/// The folders of the runs that a user names: one run's own, or all finished runs directly below `folders` of a
/// configuration or of the row of a table that has that name. Where rows of several tables have it, the table's name
/// comes first: "mnih2014/table2a: RAM, 8 glimpses, 12x12, 3 scales".
/// @throws IoError  if it names none of these or several, or there is no such run
[[nodiscard]] NamedRuns runs_named(const std::string& name, const std::vector<std::filesystem::path>& folders);

/// Gives the group of these runs their mode.
/// @throws ConfigError  if it has another one already, as two rows of one configuration show it
void ask_for_mode(std::vector<ComparedGroup>& groups, const NamedRuns& named);

}  // namespace saccade::experiments
