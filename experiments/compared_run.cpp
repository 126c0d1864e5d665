#include "experiments/compared_run.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <sstream>

#include "core/errors.hpp"
#include "experiments/json_file.hpp"
#include "experiments/table.hpp"

namespace saccade::experiments {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

std::vector<TestedMode> tested_modes(const RunResult& run) {
  std::vector<TestedMode> modes;
  for (const TestError& test : run.test) {
    modes.push_back({test.mode, test.measures, test.attention, {}, test.entropy_by_step});
    if (test.measures.empty()) modes.back().measures = {{"error", test.error}};
  }
  return modes;
}

void read_facts(const Json& json, RunDetails& details) {
  if (json.contains("parameters")) details.parameters = json.at("parameters").get<double>();
  for (const Json& session : json.at("sessions")) {
    if (session.contains("peak_memory_mb"))
      details.peak_memory_mb = std::max(details.peak_memory_mb, session.at("peak_memory_mb").get<double>());
  }
}

std::vector<CurvePoint> read_curve(const fs::path& path, const std::string& key) {
  std::vector<CurvePoint> curve;
  std::error_code ignored;
  if (!fs::exists(path, ignored)) return curve;
  std::istringstream file(io::read_file(path));
  std::size_t number = 0;
  try {
    for (std::string line; std::getline(file, line);) {
      ++number;
      const Json json = Json::parse(line);
      if (json.contains(key)) curve.push_back({json.at("epoch").get<double>(), json.at(key).get<double>()});
    }
  } catch (const nlohmann::json::exception& error) {
    throw IoError(fmt::format("{}:{}: is not what a run leaves: {}", path.string(), number, reason_of(error)));
  }
  return curve;
}

void check_error(const fs::path& path, const TestedMode& mode) {
  const Predictions& p = *mode.predictions;
  const double error = static_cast<double>(p.wrong.size()) / static_cast<double>(p.episodes);
  if (p.actions.empty() && std::abs(error - mode.measures.front().second) > 1e-9) {
    throw IoError(fmt::format("{}: does not belong to the evaluation.json beside it: in mode {} {} of {} are wrong",
                              path.string(), p.mode, p.wrong.size(), p.episodes));
  }
}

void add_predictions(const fs::path& path, std::vector<TestedMode>& modes) {
  std::error_code ignored;
  if (!fs::exists(path, ignored)) return;  // a run from before there were any
  for (Predictions& p : read_predictions(path)) {
    const auto mode = std::find_if(modes.begin(), modes.end(), [&](const TestedMode& m) { return m.name == p.mode; });
    if (p.split != "test" || mode == modes.end() || p.episodes == 0) continue;
    mode->predictions = std::move(p);
    if (mode->measures.front().first == "error") check_error(path, *mode);
  }
}

RunDetails read_details(const RunResult& result) {
  const RunDirectory run = RunDirectory::open(result.folder);
  RunDetails details{tested_modes(result)};
  read_json(run.record(), [&](const Json& json) { read_facts(json, details); });
  details.curve = read_curve(run.metrics(), fmt::format("validation_{}", details.modes.front().measures.front().first));
  add_predictions(run.predictions(), details.modes);
  return details;
}

std::string setting(const ConfigTree& tree, const std::string& key) {
  const auto entry = tree.entries().find(key);
  if (entry == tree.entries().end() || !entry->second.value) return {};
  const auto* text = std::get_if<std::string>(&*entry->second.value);
  return text == nullptr ? config::to_text(*entry->second.value) : *text;
}

/// Settings of how places are chosen and learned, and of how much is evaluated: a control may have others.
bool may_differ(std::string_view key) {
  constexpr std::array keys{"agent.attention",
                            "agent.locations",
                            "agent.first_location",
                            "agent.location_std",
                            "agent.location_mean",
                            "agent.random_range",
                            "agent.reward",
                            "agent.baseline",
                            "agent.baseline_decay",
                            "agent.baseline_coefficient",
                            "agent.policy_coefficient",
                            "agent.policy_gradient_into_core",
                            "agent.entropy_coefficient",
                            "agent.doubly_stochastic_coefficient"};
  return key.starts_with("evaluation.") || std::find(keys.begin(), keys.end(), key) != keys.end();
}

bool chooses_otherwise(const ComparedGroup& control, const ComparedGroup& group) {
  if (group.attention == "hard") return control.attention == "uniform";
  if (group.attention == "soft" || group.attention == "marginal") return control.attention == "mean";
  return group.locations == "learned" && (control.locations == "random" || control.locations == "centre");
}

/// Nothing is known of records whose settings are those of another version.
std::vector<std::string> idle_keys(const ConfigTree& tree) {
  try {
    return Experiment(tree).idle_keys();
  } catch (const ConfigError&) {
    return {};
  }
}

ComparedGroup read_group(RunRow row) {
  const ConfigTree tree = ConfigTree::load(RunDirectory::open(row.runs.front().folder).config());
  ComparedGroup group{{},
                      {},
                      setting(tree, "environment.kind"),
                      setting(tree, "agent.attention"),
                      setting(tree, "agent.locations"),
                      setting(tree, "agent.glimpses"),
                      {},
                      idle_keys(tree)};
  for (const RunResult& run : row.runs) group.details.push_back(read_details(run));
  group.row = std::move(row);
  return group;
}

/// Where the items that runs are tested with, and what is right of them, do not lie.
bool is_of_input(std::string_view key) { return key == "environment.annotations" || key == "environment.file"; }

/// The line "DIGEST  captions" of the first run that left data.txt, as which the others are; empty if none did.
std::string captions_of(const RunRow& row) {
  for (const RunResult& run : row.runs) {
    std::istringstream lines(run.data);
    for (std::string line; std::getline(lines, line);) {
      if (line.ends_with("  captions")) return line;
    }
  }
  return {};
}

/// Runs that read the same captions, from whatever file, have the same world, whatever annotations they read.
bool have_same_captions(const RunRow& first, const RunRow& second) {
  const std::string captions = captions_of(first);
  return !captions.empty() && captions == captions_of(second);
}

std::vector<SettingDifference> differing_worlds(const RunRow& first, const RunRow& second) {
  return differences(first.runs.front().configuration, second.runs.front().configuration, "environment");
}

void check_world(const RunRow& row, const RunRow& first) {
  const RunResult& other = first.runs.front();
  const RunResult& run = row.runs.front();
  const std::vector<SettingDifference> found = differing_worlds(first, row);
  const bool only_input =
      std::all_of(found.begin(), found.end(), [](const SettingDifference& d) { return is_of_input(d.key); });
  if (found.empty() || (only_input && have_same_captions(first, row))) return;
  throw ConfigError(fmt::format("compare: {} and {} are of different worlds: {}", other.folder.string(),
                                run.folder.string(),
                                first_difference(other.configuration, run.configuration, "environment")));
}

void check_rows(const std::vector<RunRow>& rows) {
  if (rows.empty()) throw ConfigError("compare: name runs of two configurations or more");
  if (rows.size() == 1) {
    throw ConfigError(
        fmt::format("compare: all runs are of one configuration, {}; name those of another one", rows.front().name));
  }
  for (const RunRow& row : rows) check_world(row, rows.front());
}

/// All rows whose settings say that they read the same.
void check_data(const std::vector<RunRow>& rows) {
  for (const RunRow& row : rows) {
    std::vector<RunResult> alike;
    for (const RunRow& other : rows) {
      if (differing_worlds(row, other).empty()) alike.insert(alike.end(), other.runs.begin(), other.runs.end());
    }
    check_same_data(alike);
  }
}

/// What a name stands for.
struct NamedRow {
  std::string config;
  std::string mode;
  std::string table;  // empty for a configuration itself
};

std::vector<NamedRow> table_rows_named(const std::string& name) {
  std::vector<NamedRow> found;
  for (const std::string& table : table_names()) {
    for (const TableRow& row : load_table(find_table(table)).rows) {
      if (row.name == name || table + ": " + row.name == name) found.push_back({row.config, row.mode, table});
    }
  }
  return found;
}

NamedRow find_named(const std::string& name) {
  const std::vector<std::string> known = config_names();
  if (fs::is_regular_file(name) || std::find(known.begin(), known.end(), name) != known.end()) return {name, {}, {}};
  const std::vector<NamedRow> rows = table_rows_named(name);
  if (rows.empty()) {
    const std::string hint = config::suggestion(name, known);
    throw IoError(
        fmt::format("{}: is neither the folder of a run nor the name of a configuration or of a table's row{}", name,
                    hint.empty() ? "; `saccade list` shows those that come along" : hint));
  }
  if (rows.size() > 1) {
    throw IoError(fmt::format("{}: is a row of {} and of {}; put the table's name and a colon before it", name,
                              rows[0].table, rows[1].table));
  }
  return rows.front();
}

}  // namespace

bool RunDetails::has_predictions(const std::string& mode) const {
  return std::any_of(modes.begin(), modes.end(), [&](const TestedMode& tested) {
    return tested.predictions && (mode.empty() || tested.name == mode);
  });
}

const TestedMode* ComparedGroup::find(const std::string& mode) const {
  const auto found =
      std::find_if(modes().begin(), modes().end(), [&](const TestedMode& tested) { return tested.name == mode; });
  return found == modes().end() ? nullptr : &*found;
}

std::vector<double> ComparedGroup::values(const std::string& mode, const std::string& name) const {
  std::vector<double> values;
  for (const RunDetails& run : details) {
    for (const TestedMode& tested : run.modes) {
      if (tested.name != mode) continue;
      for (const rl::Report* report : {&tested.measures, &tested.attention}) {
        for (const auto& [measure, value] : *report) {
          if (measure == name) values.push_back(value);
        }
      }
    }
  }
  return values.size() == details.size() ? values : std::vector<double>{};
}

std::vector<double> ComparedGroup::entropy_by_step(const std::string& mode) const {
  std::vector<double> mean;
  for (const RunDetails& run : details) {
    const auto tested =
        std::find_if(run.modes.begin(), run.modes.end(), [&](const TestedMode& m) { return m.name == mode; });
    if (tested == run.modes.end()) return {};
    const std::vector<double>& entropy = tested->entropy_by_step;
    if (&run == &details.front()) mean.assign(entropy.size(), 0);
    mean.resize(std::min(mean.size(), entropy.size()));
    for (std::size_t t = 0; t < mean.size(); ++t) mean[t] += entropy[t] / static_cast<double>(details.size());
  }
  return mean;
}

std::vector<ComparedGroup> read_groups(const std::vector<fs::path>& runs) {
  std::vector<RunRow> rows = rows_of(runs);
  check_rows(rows);
  check_data(rows);
  std::vector<ComparedGroup> groups;
  for (RunRow& row : rows) groups.push_back(read_group(std::move(row)));
  return groups;
}

std::vector<SettingDifference> differing_settings(const ComparedGroup& first, const ComparedGroup& second) {
  std::vector<SettingDifference> found =
      differences(first.row.runs.front().configuration, second.row.runs.front().configuration);
  const auto is_idle = [](const ComparedGroup& group, const std::string& key) {
    return std::find(group.idle.begin(), group.idle.end(), key) != group.idle.end();
  };
  std::erase_if(found, [&](const SettingDifference& d) { return is_idle(first, d.key) || is_idle(second, d.key); });
  return found;
}

bool is_control_of(const ComparedGroup& control, const ComparedGroup& group) {
  if (!chooses_otherwise(control, group)) return false;
  const std::vector<SettingDifference> found = differing_settings(control, group);
  return std::all_of(found.begin(), found.end(), [](const SettingDifference& d) { return may_differ(d.key); });
}

NamedRuns runs_named(const std::string& name, const std::vector<fs::path>& folders) {
  if (fs::is_directory(name)) return {{name}, {}};
  const NamedRow named = find_named(name);
  NamedRuns found{{}, named.mode};
  for (const RunResult& run : RunIndex(folders).find(seedless_configuration(find_config(named.config)))) {
    found.runs.push_back(run.folder);
  }
  if (!found.runs.empty()) return found;
  std::vector<std::string> places;
  for (const fs::path& folder : folders) places.push_back(folder.string());
  throw IoError(fmt::format("{}: there is no finished run of this configuration in {}; `saccade run {}` makes one",
                            name, fmt::join(places, ", "), named.config));
}

void ask_for_mode(std::vector<ComparedGroup>& groups, const NamedRuns& named) {
  if (named.mode.empty()) return;
  for (ComparedGroup& group : groups) {
    const auto is_named = [&](const RunResult& run) { return run.folder == named.runs.front(); };
    if (std::none_of(group.row.runs.begin(), group.row.runs.end(), is_named)) continue;
    if (!group.asked_mode.empty() && group.asked_mode != named.mode) {
      throw ConfigError(fmt::format("compare: {} is named in two ways to act, {} and {}; one of them can lead",
                                    group.row.name, group.asked_mode, named.mode));
    }
    group.asked_mode = named.mode;
  }
}

}  // namespace saccade::experiments
