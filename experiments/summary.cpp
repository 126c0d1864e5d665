#include "experiments/summary.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/errors.hpp"
#include "core/io/file.hpp"
#include "experiments/experiment.hpp"
#include "experiments/run_directory.hpp"

namespace saccade::experiments {
namespace {

using Json = nlohmann::ordered_json;

/// 97.5 % point of Student's t: a table, and beyond it the expansion in 1/degrees around the normal distribution's
/// (Abramowitz and Stegun 26.7.5), right to three digits.
double t_quantile(std::size_t degrees) {
  constexpr std::array table{12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228,
                             2.201,  2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086,
                             2.080,  2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042};
  if (degrees <= table.size()) return table.at(degrees - 1);
  const auto n = static_cast<double>(degrees);
  return 1.960 + 2.372 / n + 2.823 / (n * n);
}

struct Row {
  std::string configuration;  // with the seed removed: what the runs of a row share
  std::string name;
  std::vector<std::string> folders;
  std::vector<Json> evaluations;
  std::vector<Json> records;
};

Json read_json(const std::filesystem::path& path, void (*check)(const Json&)) {
  try {
    Json json = Json::parse(io::read_file(path));
    check(json);
    return json;
  } catch (const nlohmann::json::exception& error) {
    throw IoError(fmt::format("{}: is not what a run leaves: {}", path.string(), error.what()));
  }
}

/// Everything that is read later; throws the JSON library's errors.
void check_record(const Json& json) {
  static_cast<void>(json.at("seed").get<std::uint64_t>());
  static_cast<void>(json.at("wall_seconds").get<double>());
  for (const Json& session : json.at("sessions")) {
    for (const char* number : {"images", "training_seconds", "threads"}) {
      static_cast<void>(session.at(number).get<double>());
    }
    for (const char* text : {"cpu", "commit"}) static_cast<void>(session.at(text).get<std::string>());
    static_cast<void>(session.at("uncommitted_changes").get<bool>());
  }
}

void check_evaluation(const Json& json) {
  for (const Json& result : json.at("results")) {
    for (const char* text : {"split", "mode"}) static_cast<void>(result.at(text).get<std::string>());
    static_cast<void>(result.at("error").get<double>());
  }
}

/// "runs/ram-6-seed2" is a run of "ram-6".
std::string row_name(const std::filesystem::path& run) {
  const std::string name = (run.has_filename() ? run : run.parent_path()).filename().string();
  return name.substr(0, name.rfind("-seed"));
}

Row& row_of(std::vector<Row>& rows, const RunDirectory& run) {
  ConfigTree tree = ConfigTree::load(run.config());
  tree.set("why=''");  // explains, changes nothing
  const std::string configuration = Experiment(tree, 0).to_toml();
  const auto found =
      std::find_if(rows.begin(), rows.end(), [&](const Row& row) { return row.configuration == configuration; });
  if (found != rows.end()) return *found;
  return rows.emplace_back(Row{configuration, row_name(run.path()), {}, {}, {}});
}

/// The test results of an evaluation.
std::vector<Json> test_results(const Json& evaluation) {
  std::vector<Json> results;
  for (const Json& result : evaluation.at("results")) {
    if (result.at("split").get<std::string>() == "test") results.push_back(result);
  }
  return results;
}

/// The modes of all rows, in the order in which they appear.
std::vector<std::string> modes_of(const std::vector<Row>& rows) {
  std::vector<std::string> modes;
  for (const Row& row : rows) {
    for (const Json& result : test_results(row.evaluations.front())) {
      const std::string mode = result.at("mode");
      if (std::find(modes.begin(), modes.end(), mode) == modes.end()) modes.push_back(mode);
    }
  }
  return modes;
}

/// Test error of a row in a mode; a dash where its agent has no such mode.
std::string error_cell(const Row& row, const std::string& mode) {
  std::vector<double> errors;
  for (const Json& evaluation : row.evaluations) {
    for (const Json& result : test_results(evaluation)) {
      if (result.at("mode").get<std::string>() == mode) errors.push_back(100 * result.at("error").get<double>());
    }
  }
  if (errors.empty()) return "–";
  const SeedStatistics s = seed_statistics(errors);
  return s.n == 1 ? fmt::format("{:.2f}", s.mean) : fmt::format("{:.2f} ± {:.2f}", s.mean, s.half_width);
}

double mean_seconds(const Row& row) {
  double sum = 0;
  for (const Json& record : row.records) sum += record.at("wall_seconds").get<double>();
  return sum / static_cast<double>(row.records.size());
}

double mean_rate(const Row& row) {
  double images = 0;
  double seconds = 1e-9;
  for (const Json& record : row.records) {
    for (const Json& session : record.at("sessions")) {
      images += session.at("images").get<double>();
      seconds += session.at("training_seconds").get<double>();
    }
  }
  return images / seconds;
}

/// What the sessions of a row that trained say of themselves, each answer once.
template <typename Describe>
std::string over_sessions(const Row& row, const Describe& describe) {
  std::vector<std::string> answers;
  for (const Json& record : row.records) {
    for (const Json& session : record.at("sessions")) {
      if (session.at("images") == 0) continue;
      const std::string answer = describe(session);
      if (std::find(answers.begin(), answers.end(), answer) == answers.end()) answers.push_back(answer);
    }
  }
  return fmt::format("{}", fmt::join(answers, ", "));
}

/// "+" marks a tree with uncommitted changes.
std::string commit_of(const Json& session) {
  return session.at("commit").get<std::string>().substr(0, 10) +
         (session.at("uncommitted_changes").get<bool>() ? "+" : "");
}

std::string format_row(const Row& row, const std::vector<std::string>& modes) {
  std::string text = fmt::format("| {} | {} |", row.name, row.records.size());
  for (const std::string& mode : modes) text += fmt::format(" {} |", error_cell(row, mode));
  const auto threads = [](const Json& session) { return session.at("threads").dump(); };
  const auto cpu = [](const Json& session) { return session.at("cpu").get<std::string>(); };
  return text + fmt::format(" {:.0f} | {:.0f} | {} | {} | {} |\n", mean_seconds(row), mean_rate(row),
                            over_sessions(row, threads), over_sessions(row, cpu), over_sessions(row, commit_of));
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
void check_seeds(const Row& row) {
  for (std::size_t i = 0; i < row.records.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (row.records[i].at("seed") != row.records[j].at("seed")) continue;
      throw ArgumentError(fmt::format("summary: {} and {} are runs of one configuration with the same seed; name one",
                                      row.folders[j], row.folders[i]));
    }
  }
}

/// Rows of different configurations must not look alike: where names collide, the first folder's name stands.
void name_apart(std::vector<Row>& rows) {
  for (Row& row : rows) {
    const auto alike = [&](const Row& other) { return &other != &row && row_name(other.folders.front()) == row.name; };
    if (std::any_of(rows.begin(), rows.end(), alike)) row.name = row.folders.front();
  }
}

}  // namespace

SeedStatistics seed_statistics(const std::vector<double>& values) {
  if (values.empty()) throw ArgumentError("seed_statistics: expected at least one value, got none");
  const auto n = static_cast<double>(values.size());
  double sum = 0;
  for (const double value : values) sum += value;
  const double mean = sum / n;
  if (values.size() == 1) return {1, mean, 0};
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  const double deviation = std::sqrt(squares / (n - 1));
  return {values.size(), mean, t_quantile(values.size() - 1) * deviation / std::sqrt(n)};
}

std::string summarise_runs(const std::vector<std::filesystem::path>& runs) {
  std::vector<Row> rows;
  for (const std::filesystem::path& path : runs) {
    const RunDirectory run = RunDirectory::open(path);
    Row& row = row_of(rows, run);
    row.folders.push_back(path.string());
    if (!std::filesystem::exists(run.evaluation())) {
      throw IoError(fmt::format("{}: this run is not finished: it has no evaluation.json", run.path().string()));
    }
    row.evaluations.push_back(read_json(run.evaluation(), check_evaluation));
    row.records.push_back(read_json(run.record(), check_record));
  }
  if (rows.empty()) throw ArgumentError("summarise_runs: expected at least one run, got none");
  for (const Row& row : rows) check_seeds(row);
  name_apart(rows);
  const std::vector<std::string> modes = modes_of(rows);
  std::string text = format_head(modes);
  for (const Row& row : rows) text += format_row(row, modes);
  return text +
         "\nTest error, %: mean over seeds ± half the 95 % interval of the mean (Student's t). Parameters chosen by "
         "validation error\nin the row's first mode; – where the agent has no such mode.\n";
}

}  // namespace saccade::experiments
