#include "experiments/sweep.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <set>

#include "core/errors.hpp"
#include "core/random/stream.hpp"
#include "experiments/csv.hpp"
#include "experiments/summary.hpp"
#include "experiments/text.hpp"

namespace saccade::experiments {
namespace {

namespace fs = std::filesystem;

std::string trimmed(const std::string& text) {
  const std::size_t begin = text.find_first_not_of(' ');
  return begin == std::string::npos ? "" : text.substr(begin, text.find_last_not_of(' ') + 1 - begin);
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::size_t begin = 0;
  for (std::size_t end = 0; end != std::string::npos; begin = end + 1) {
    end = text.find(separator, begin);
    parts.push_back(trimmed(text.substr(begin, end - begin)));
  }
  return parts;
}

std::pair<std::string, std::string> split_axis(const std::string& text, const char* form) {
  const std::size_t equals = text.find('=');
  if (equals == 0 || equals == std::string::npos || equals + 1 == text.size()) {
    throw ConfigError(fmt::format("{}: expected {}", text, form));
  }
  return {trimmed(text.substr(0, equals)), text.substr(equals + 1)};
}

/// One draw from an interval, as text of few digits that lies in it.
std::string draw(const RandomAxis& axis, double share) {
  const double low = axis.low;
  const double high = axis.whole ? axis.high + 1 : axis.high;
  const double value = axis.logarithmic ? low * std::pow(high / low, share) : low + share * (high - low);
  if (axis.whole) return fmt::format("{:.0f}", std::clamp(std::floor(value), axis.low, axis.high));
  const std::string text = fmt::format("{:.4g}", value);
  const double rounded = number_in(text).value_or(value);
  return rounded < axis.low || rounded > axis.high ? fmt::format("{}", std::clamp(value, low, high)) : text;
}

/// The settings of each draw of the random axes; one empty draw if there are none.
std::vector<std::vector<Assignment>> draws_of(const SweepPlan& plan) {
  std::vector<std::vector<Assignment>> draws(plan.random.empty() ? 1 : plan.draws);
  for (std::size_t i = 0; i < draws.size(); ++i) {
    random::Stream stream(plan.seed, random::Purpose("sweep"), i);
    for (const RandomAxis& axis : plan.random) draws[i].emplace_back(axis.key, draw(axis, stream.uniform(0, 1)));
  }
  return draws;
}

/// The settings of each point of the grid, the last axis fastest; one empty point if there is no axis.
std::vector<std::vector<Assignment>> points_of(const std::vector<GridAxis>& grid) {
  std::vector<std::vector<Assignment>> points(1);
  for (const GridAxis& axis : grid) {
    std::vector<std::vector<Assignment>> longer;
    for (const std::vector<Assignment>& point : points) {
      for (const std::string& value : axis.values) {
        longer.push_back(point);
        longer.back().emplace_back(axis.key, value);
      }
    }
    points = std::move(longer);
  }
  return points;
}

/// "location_std=0.1,core=lstm", with characters that a file's name can hold everywhere.
std::string name_of(const std::vector<Assignment>& settings) {
  std::vector<std::string> parts;
  for (const auto& [key, value] : settings) {
    const std::size_t dot = key.rfind('.');
    parts.push_back(fmt::format("{}={}", dot == std::string::npos ? key : key.substr(dot + 1), value));
  }
  std::string name = fmt::format("{}", fmt::join(parts, ","));
  const auto odd = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) == 0 &&
           std::string_view("-+_=.,").find(c) == std::string_view::npos;
  };
  std::replace_if(name.begin(), name.end(), odd, '_');
  return name.substr(0, 150);
}

Trial make_trial(const SweepPlan& plan, std::vector<Assignment> settings) {
  Trial trial{std::move(settings), {}};
  std::vector<std::string> overrides = plan.overrides;
  for (const auto& [key, value] : trial.settings) overrides.push_back(fmt::format("{}={}", key, value));
  for (const std::uint64_t seed : plan.seeds) {
    trial.runs.push_back({fmt::format("{}-seed{}", name_of(trial.settings), seed), plan.config, overrides, seed});
  }
  return trial;
}

void check_seeds(const SweepPlan& plan) {
  if (std::set(plan.seeds.begin(), plan.seeds.end()).size() == plan.seeds.size()) return;
  throw ConfigError("sweep: a seed is given twice; one seed is one sample");
}

void check_keys(const SweepPlan& plan) {
  std::set<std::string> keys;
  const auto add = [&](const std::string& key) {
    if (keys.insert(key).second) return;
    throw ConfigError(fmt::format("sweep: {} is given by two axes", key));
  };
  for (const GridAxis& axis : plan.grid) add(axis.key);
  for (const RandomAxis& axis : plan.random) add(axis.key);
  for (const std::string& override : plan.overrides) {
    const std::string key = trimmed(override.substr(0, override.find('=')));
    if (!keys.insert(key).second) throw ConfigError(fmt::format("sweep: {} is given twice, once by --set", key));
  }
  if (keys.contains("seed")) throw ConfigError("sweep: give the seeds of the runs by --seeds, not by the key seed");
  if (plan.grid.empty() && plan.random.empty()) throw ConfigError("sweep: name what to vary, with --grid or --random");
}

void add_run(TrialResult& result, const WantedRun& run, const fs::path& folder) {
  const std::optional<RunDirectory> finished = finished_run(run, folder);
  if (finished) result.runs.push_back(read_validation(*finished));
}

double mean_over(const TrialResult& result, const std::function<double(const ValidationResult&)>& of_run) {
  std::vector<double> all;
  for (const ValidationResult& run : result.runs) all.push_back(of_run(run));
  return all.empty() ? 0 : seed_statistics(all).mean;
}

/// Complete trials before others, then by the mean cost.
std::pair<std::size_t, double> rank_of(const TrialResult& result) {
  const std::size_t missing = result.trial->runs.size() - result.runs.size();
  return {missing, mean_over(result, &ValidationResult::cost)};
}

std::string wall_cell(const TrialResult& result) {
  if (result.runs.empty()) return "–";
  return fmt::format("{:.0f}", mean_over(result, [](const ValidationResult& run) { return run.wall_seconds; }));
}

/// Of the first finished run in the ranking; the error before there is one.
std::string measure_of(const std::vector<TrialResult>& ranking) {
  return ranking.front().runs.empty() ? "error" : ranking.front().runs.front().measure;
}

std::string verdict(const TrialResult& result) { return result.failures.empty() ? "–" : result.failures.front(); }

std::string mode_of(const TrialResult& result) { return result.runs.empty() ? "–" : result.runs.front().mode; }

/// Whether trials were measured in different ways to act, as those of different attention are.
bool have_modes(const std::vector<TrialResult>& ranking) {
  std::set<std::string> modes;
  for (const TrialResult& result : ranking) {
    if (!result.runs.empty()) modes.insert(mode_of(result));
  }
  return modes.size() > 1;
}

std::vector<std::string> cells_of(const TrialResult& result, bool with_mode) {
  std::vector<std::string> cells;
  for (const Assignment& setting : result.trial->settings) cells.push_back(setting.second);
  cells.push_back(result.runs.empty() ? verdict(result) : statistics_cell(result.values()));
  cells.push_back(fmt::format("{} of {}", result.runs.size(), result.trial->runs.size()));
  cells.push_back(wall_cell(result));
  if (with_mode) cells.push_back(mode_of(result));
  return cells;
}

std::vector<std::string> head_of(const std::vector<TrialResult>& ranking) {
  std::vector<std::string> head;
  for (const Assignment& setting : ranking.front().trial->settings) head.push_back(setting.first);
  head.insert(head.end(), {fmt::format("validation {}, %", measure_of(ranking)), "seeds", "wall seconds"});
  if (have_modes(ranking)) head.emplace_back("mode");
  return head;
}

}  // namespace

GridAxis parse_grid_axis(const std::string& text) {
  auto [key, values] = split_axis(text, "KEY=VALUE,VALUE,...");
  return {std::move(key), split(values, ',')};
}

RandomAxis parse_random_axis(const std::string& text) {
  constexpr const char* form = "KEY=LOW:HIGH, with log:, int: or int-log: before LOW";
  const auto [key, interval] = split_axis(text, form);
  std::vector<std::string> parts = split(interval, ':');
  RandomAxis axis{key, 0, 1, false, false};
  if (parts.size() == 3) {
    axis.logarithmic = parts[0] == "log" || parts[0] == "int-log";
    axis.whole = parts[0] == "int" || parts[0] == "int-log";
    if (!axis.logarithmic && !axis.whole) throw ConfigError(fmt::format("{}: expected {}", text, form));
    parts.erase(parts.begin());
  }
  const std::optional<double> low = number_in(parts.front());
  const std::optional<double> high = number_in(parts.back());
  if (parts.size() != 2 || !low || !high || *low >= *high) {
    throw ConfigError(fmt::format("{}: expected {}, LOW below HIGH", text, form));
  }
  if (axis.whole && (std::floor(*low) != *low || std::floor(*high) != *high)) {
    throw ConfigError(fmt::format("{}: LOW and HIGH must be whole with int", text));
  }
  if (axis.logarithmic && *low <= 0) throw ConfigError(fmt::format("{}: LOW must be above 0 with log", text));
  axis.low = *low;
  axis.high = *high;
  return axis;
}

std::vector<double> TrialResult::values() const {
  std::vector<double> all;
  for (const ValidationResult& run : runs) all.push_back(100 * run.value);
  return all;
}

std::vector<Trial> trials_of(const SweepPlan& plan) {
  check_keys(plan);
  check_seeds(plan);
  std::vector<Trial> trials;
  const std::vector<std::vector<Assignment>> draws = draws_of(plan);
  for (const std::vector<Assignment>& point : points_of(plan.grid)) {
    for (const std::vector<Assignment>& drawn : draws) {
      std::vector<Assignment> settings = point;
      settings.insert(settings.end(), drawn.begin(), drawn.end());
      const auto same = [&](const Trial& trial) { return trial.settings == settings; };
      if (std::any_of(trials.begin(), trials.end(), same)) continue;  // a draw of few values came twice
      trials.push_back(make_trial(plan, std::move(settings)));
    }
  }
  return trials;
}

std::string search_of(const SweepPlan& plan) {
  std::string text = fmt::format("config {}\n", plan.config);
  for (const std::string& override : plan.overrides) text += fmt::format("set {}\n", override);
  for (const GridAxis& axis : plan.grid) text += fmt::format("vary {}\n", axis.key);
  for (const RandomAxis& axis : plan.random) text += fmt::format("draw {}\n", axis.key);
  return text;
}

std::vector<TrialResult> rank_trials(const std::vector<Trial>& trials, const fs::path& folder,
                                     const std::vector<std::pair<std::string, std::string>>& failures) {
  std::vector<TrialResult> ranking;
  for (const Trial& trial : trials) {
    TrialResult result{&trial};
    for (const WantedRun& run : trial.runs) {
      add_run(result, run, folder);
      for (const auto& failure : failures) {
        if (failure.first == run.name) result.failures.push_back(failure.second);
      }
    }
    ranking.push_back(std::move(result));
  }
  std::stable_sort(ranking.begin(), ranking.end(),
                   [](const TrialResult& a, const TrialResult& b) { return rank_of(a) < rank_of(b); });
  return ranking;
}

std::string sweep_as_markdown(const SweepPlan& plan, const std::vector<TrialResult>& ranking) {
  const std::vector<std::string> head = head_of(ranking);
  std::string text = fmt::format("Search over {}{}{}: validation {}; the test split was not looked at.\n\n| {} |\n|",
                                 plan.config, plan.overrides.empty() ? "" : " with ", fmt::join(plan.overrides, ", "),
                                 measure_of(ranking), fmt::join(head, " | "));
  for (std::size_t i = 0; i < head.size(); ++i) text += "--:|";
  text += '\n';
  const bool with_mode = have_modes(ranking);
  for (const TrialResult& result : ranking)
    text += fmt::format("| {} |\n", fmt::join(cells_of(result, with_mode), " | "));
  const bool has_one_mode = !with_mode && !ranking.front().runs.empty();
  const std::string mode = has_one_mode ? fmt::format(" Mode: {}.", mode_of(ranking.front())) : "";
  return text + fmt::format("\nMean over seeds ± half the 95 % interval of the mean (Student's t).{}\n", mode);
}

std::string sweep_as_csv(const std::vector<TrialResult>& ranking) {
  std::string text = csv_line(head_of(ranking));
  const bool with_mode = have_modes(ranking);
  for (const TrialResult& result : ranking) text += csv_line(cells_of(result, with_mode));
  return text;
}

}  // namespace saccade::experiments
