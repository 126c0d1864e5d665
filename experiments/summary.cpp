#include "experiments/summary.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "core/errors.hpp"

namespace saccade::experiments {
namespace {

/// "runs/ram-6-seed2" is a run of "ram-6".
std::string row_name(const std::filesystem::path& run) {
  const std::string name = name_of_run(run);
  return name.substr(0, name.rfind("-seed"));
}

void add_to_row(std::vector<RunRow>& rows, RunResult result) {
  const auto same = [&](const RunRow& row) { return row.runs.front().configuration == result.configuration; };
  auto row = std::find_if(rows.begin(), rows.end(), same);
  if (row == rows.end()) row = rows.insert(rows.end(), RunRow{row_name(result.folder), {}});
  row->runs.push_back(std::move(result));
}

/// The error, or where a judge decides the measure that chooses, by its name.
std::string result_cell(const std::vector<RunResult>& runs, const std::string& mode) {
  const rl::Report& measures = runs.front().test.front().measures;
  if (measures.empty()) return error_cell(runs, mode);
  const std::string& measure = measures.front().first;
  const std::vector<double> values = measures_of(runs, mode, measure);
  return values.empty() ? statistics_cell(values) : fmt::format("{} {}", measure, statistics_cell(values));
}

std::string format_row(const RunRow& row, const std::vector<std::string>& modes) {
  std::string text = fmt::format("| {} | {} |", row.name, row.runs.size());
  for (const std::string& mode : modes) text += fmt::format(" {} |", result_cell(row.runs, mode));
  const auto commit = [](const SessionFacts& session) { return session.commit; };
  return text + fmt::format(" {:.0f} | {:.0f} | {} | {} | {} |\n", mean_wall_seconds(row.runs), images_per_second(row),
                            threads_of(row.runs), cpus_of(row.runs), over_sessions(row.runs, commit));
}

std::string format_head(const std::vector<std::string>& modes) {
  std::string head = "| run | seeds |";
  std::string rule = "|---|--:|";
  for (const std::string& mode : modes) {
    head += fmt::format(" {} |", mode);
    rule += "--:|";
  }
  return head + " wall seconds | images/s | threads | CPU | commit |\n" + rule + "--:|--:|--:|---|---|\n";
}

/// One seed is one sample: a run that is there twice would make the interval too small.
void check_seeds(const RunRow& row) {
  for (std::size_t i = 0; i < row.runs.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (row.runs[i].seed != row.runs[j].seed) continue;
      throw ArgumentError(fmt::format("{} and {} are runs of one configuration with the same seed; name one",
                                      row.runs[j].folder.string(), row.runs[i].folder.string()));
    }
  }
}

/// Rows of different configurations must not look alike: where names collide, the first folder's name stands.
void name_apart(std::vector<RunRow>& rows) {
  for (RunRow& row : rows) {
    const auto alike = [&](const RunRow& other) {
      return &other != &row && row_name(other.runs.front().folder) == row_name(row.runs.front().folder);
    };
    if (std::any_of(rows.begin(), rows.end(), alike)) row.name = row.runs.front().folder.string();
  }
}

}  // namespace

double t_quantile(std::size_t degrees) {
  // A table, and beyond it the expansion in 1/degrees around the normal distribution's (Abramowitz and Stegun 26.7.5).
  constexpr std::array table{12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228,
                             2.201,  2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086,
                             2.080,  2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042};
  if (degrees == 0) throw ArgumentError("t_quantile: expected at least one degree of freedom, got none");
  if (degrees <= table.size()) return table.at(degrees - 1);
  const auto n = static_cast<double>(degrees);
  return 1.960 + 2.372 / n + 2.823 / (n * n);
}

SeedStatistics seed_statistics(const std::vector<double>& values) {
  if (values.empty()) throw ArgumentError("seed_statistics: expected at least one value, got none");
  const auto n = static_cast<double>(values.size());
  double sum = 0;
  for (const double value : values) sum += value;
  const double mean = sum / n;
  if (values.size() == 1) return {1, mean, 0, 0};
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  const double deviation = std::sqrt(squares / (n - 1));
  return {values.size(), mean, deviation, t_quantile(values.size() - 1) * deviation / std::sqrt(n)};
}

std::string statistics_cell(const std::vector<double>& values) {
  if (values.empty()) return "–";
  const SeedStatistics s = seed_statistics(values);
  const bool varies = s.deviation > 1e-9 * std::abs(s.mean);  // more than sums are rounded by
  return varies ? fmt::format("{:.2f} ± {:.2f}", s.mean, s.half_width) : fmt::format("{:.2f}", s.mean);
}

std::vector<std::string> modes_of(std::vector<const RunResult*> runs) {
  std::stable_sort(runs.begin(), runs.end(),
                   [](const auto* a, const auto* b) { return a->test.size() > b->test.size(); });
  std::vector<std::string> modes;
  for (const RunResult* run : runs) {
    for (const TestError& test : run->test) {
      if (std::find(modes.begin(), modes.end(), test.mode) == modes.end()) modes.push_back(test.mode);
    }
  }
  return modes;
}

std::vector<double> errors_of(const std::vector<RunResult>& runs, const std::string& mode) {
  std::vector<double> errors;
  for (const RunResult& run : runs) {
    for (const TestError& test : run.test) {
      if (test.mode == mode) errors.push_back(100 * test.error);
    }
  }
  return errors;
}

std::vector<double> times(double factor, std::vector<double> values) {
  for (double& value : values) value *= factor;
  return values;
}

bool is_share(const std::string& measure) {
  constexpr std::array others{"places_read", "attention_shift", "attention_distance"};
  return !measure.ends_with("entropy") && std::find(others.begin(), others.end(), measure) == others.end();
}

std::vector<double> measures_of(const std::vector<RunResult>& runs, const std::string& mode,
                                const std::string& measure) {
  const double unit = is_share(measure) ? 100 : 1;
  std::vector<double> values;
  for (const RunResult& run : runs) {
    for (const TestError& test : run.test) {
      if (test.mode != mode) continue;
      for (const rl::Report& report : {test.measures, test.attention}) {
        for (const auto& [name, value] : report) {
          if (name == measure) values.push_back(unit * value);
        }
      }
    }
  }
  return values;
}

std::string error_cell(const std::vector<RunResult>& runs, const std::string& mode) {
  return statistics_cell(errors_of(runs, mode));
}

std::vector<RunRow> rows_of(const std::vector<std::filesystem::path>& runs) {
  std::vector<RunRow> rows;
  for (const std::filesystem::path& path : runs) add_to_row(rows, read_run_result(RunDirectory::open(path)));
  for (const RunRow& row : rows) {
    check_seeds(row);
    check_same_data(row.runs);
  }
  name_apart(rows);
  return rows;
}

double mean_wall_seconds(const std::vector<RunResult>& runs) {
  double sum = 0;
  for (const RunResult& run : runs) sum += run.wall_seconds;
  return sum / static_cast<double>(runs.size());
}

double images_per_second(const RunRow& row) {
  double images = 0;
  double seconds = 1e-9;
  for (const RunResult& run : row.runs) {
    for (const SessionFacts& session : run.sessions) {
      images += session.images;
      seconds += session.training_seconds;
    }
  }
  return images / seconds;
}

std::string summarise_runs(const std::vector<std::filesystem::path>& runs) {
  const std::vector<RunRow> rows = rows_of(runs);
  if (rows.empty()) throw ArgumentError("summarise_runs: expected at least one run, got none");
  std::vector<const RunResult*> first;
  for (const RunRow& row : rows) first.push_back(&row.runs.front());
  const std::vector<std::string> modes = modes_of(first);
  std::string text = format_head(modes);
  for (const RunRow& row : rows) text += format_row(row, modes);
  return text +
         "\nTest error, %, or the measure that is named: mean over seeds ± half the 95 % interval of the mean "
         "(Student's t). Parameters\nchosen by the same of validation, in the mode that evaluation.json names in "
         "chosen_by; – where the agent has no such mode.\n";
}

}  // namespace saccade::experiments
