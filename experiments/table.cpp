#include "experiments/table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <toml++/toml.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>

#include "core/config/fields.hpp"
#include "core/errors.hpp"
#include "core/io/file.hpp"
#include "experiments/csv.hpp"
#include "experiments/experiment.hpp"
#include "experiments/summary.hpp"
#include "experiments/text.hpp"

namespace saccade::experiments {
namespace {

namespace fs = std::filesystem;

constexpr const char* extension = ".table";

/// Reads the values of a table file; what is missing or of another type is told with file and line.
class Reader {
 public:
  Reader(std::string file, const toml::table& table) : file_{std::move(file)}, table_{&table} {}

  [[nodiscard]] std::string text(const char* key) const {
    const auto* value = table_->get_as<std::string>(key);
    if (value == nullptr) fail(key, "a string");
    return value->get();
  }

  /// @throws ConfigError  if there is a key that is none of these
  void check_keys(std::vector<std::string> known) const {
    for (const auto& [key, node] : *table_) {
      if (std::find(known.begin(), known.end(), key.str()) != known.end()) continue;
      throw ConfigError(fmt::format("{}:{}: {} is no key of a table{}", file_, key.source().begin.line, key.str(),
                                    config::suggestion(key.str(), known)));
    }
  }

  [[nodiscard]] bool has(const char* key) const { return table_->contains(key); }

  [[nodiscard]] std::vector<std::string> texts(const char* key) const {
    std::vector<std::string> result;
    for (const toml::node& node : list(key, "a list of strings")) {
      if (!node.is_string()) fail(key, "a list of strings");
      result.push_back(node.as_string()->get());
    }
    return result;
  }

  [[nodiscard]] std::vector<std::uint64_t> numbers(const char* key) const {
    std::vector<std::uint64_t> result;
    constexpr const char* wanted = "a list of whole numbers, 0 or more";
    for (const toml::node& node : list(key, wanted)) {
      if (!node.is_integer() || node.as_integer()->get() < 0) fail(key, wanted);
      result.push_back(static_cast<std::uint64_t>(node.as_integer()->get()));
    }
    return result;
  }

  [[nodiscard]] std::size_t number(const char* key) const {
    const auto* value = table_->get_as<std::int64_t>(key);
    if (value == nullptr || value->get() < 0) fail(key, "a whole number, 0 or more");
    return static_cast<std::size_t>(value->get());
  }

  [[nodiscard]] std::vector<Reader> tables(const char* key) const {
    std::vector<Reader> result;
    for (const toml::node& node : list(key, "a list of tables")) {
      if (!node.is_table()) fail(key, "a list of tables");
      result.emplace_back(file_, *node.as_table());
    }
    return result;
  }

  [[noreturn]] void fail(const char* key, const char* wanted) const {
    throw ConfigError(fmt::format("{}:{}: {} must be {}", file_, table_->source().begin.line, key, wanted));
  }

 private:
  [[nodiscard]] const toml::array& list(const char* key, const char* wanted) const {
    const auto* array = table_->get_as<toml::array>(key);
    if (array == nullptr) fail(key, wanted);
    return *array;
  }

  std::string file_;
  const toml::table* table_;
};

toml::table parse(const fs::path& path) {
  try {
    return toml::parse(io::read_file(path), path.string());
  } catch (const toml::parse_error& error) {
    throw ConfigError(fmt::format("{}:{}: {}", path.string(), error.source().begin.line, error.description()));
  }
}

/// A row with its runs.
struct Filled {
  const TableRow* row;
  std::vector<RunResult> runs;
};

/// A mode that is misspelt must not look like runs that are missing.
void check_mode(const Filled& filled) {
  const std::string& mode = filled.row->mode;
  if (mode.empty() || filled.runs.empty()) return;
  const std::vector<std::string> modes = modes_of({&filled.runs.front()});
  if (modes.empty() || std::find(modes.begin(), modes.end(), mode) != modes.end()) return;
  throw ConfigError(fmt::format("row {}: no run was tested in mode {}{}; there are {}", filled.row->name, mode,
                                config::suggestion(mode, modes), fmt::join(modes, ", ")));
}

/// Nor must a measure: some run of the table has it, in some mode.
void check_measures(const Table& table, const std::vector<Filled>& rows) {
  std::set<std::string> known;
  for (const Filled& row : rows) {
    for (const RunResult& run : row.runs) {
      for (const TestError& test : run.test) {
        for (const auto& [name, value] : test.measures) known.insert(name);
        for (const auto& [name, value] : test.attention) known.insert(name);
      }
    }
  }
  for (const std::string& measure : table.measures) {
    if (known.empty() || known.contains(measure)) continue;
    const std::vector<std::string> names(known.begin(), known.end());
    throw ConfigError(fmt::format("measures: no run has {}{}; there are {}", measure,
                                  config::suggestion(measure, names), fmt::join(names, ", ")));
  }
}

std::vector<Filled> fill_rows(const Table& table, const RunIndex& runs) {
  std::vector<Filled> rows;
  for (const TableRow& row : table.rows) {
    rows.push_back({&row, runs.find(seedless_configuration(find_config(row.config)), row.seeds)});
    check_mode(rows.back());
    check_same_data(rows.back().runs);
  }
  check_measures(table, rows);
  return rows;
}

/// What a column of ours shows.
struct Column {
  std::string head;
  std::string mode;     // empty: the row's
  std::string measure;  // empty: the error
};

std::vector<Column> columns_of(const Table& table, const std::vector<Filled>& rows) {
  std::vector<Column> columns;
  for (const std::string& measure : table.measures) columns.push_back({measure, "", measure});
  if (!columns.empty()) return columns;
  std::vector<const RunResult*> first;
  for (const Filled& row : rows) {
    if (!row.runs.empty()) first.push_back(&row.runs.front());
  }
  for (const std::string& mode : modes_of(first)) columns.push_back({mode, mode, ""});
  return columns;
}

/// The values of a column in the runs of a row: see measures_of.
std::vector<double> values_of(const Filled& filled, const Column& column) {
  const std::string& mode = column.mode.empty() ? filled.row->mode : column.mode;
  if (column.measure.empty()) return errors_of(filled.runs, mode);
  return measures_of(filled.runs, mode, column.measure);
}

std::vector<std::string> head_of(const Table& table, const std::vector<Column>& columns) {
  std::vector<std::string> head{"row"};
  head.insert(head.end(), table.published.begin(), table.published.end());
  for (const Column& column : columns)
    head.push_back(table.measures.empty() ? column.head : fmt::format("ours: {}", column.head));
  head.insert(head.end(), {"seeds", "wall seconds"});
  return head;
}

std::vector<std::string> cells_of(const Filled& filled, const std::vector<Column>& columns) {
  std::vector<std::string> cells{filled.row->name};
  cells.insert(cells.end(), filled.row->published.begin(), filled.row->published.end());
  for (const Column& column : columns) cells.push_back(statistics_cell(values_of(filled, column)));
  cells.push_back(fmt::format("{} of {}", filled.runs.size(), filled.row->seeds.size()));
  cells.push_back(filled.runs.empty() ? "–" : fmt::format("{:.0f}", mean_wall_seconds(filled.runs)));
  return cells;
}

/// The folders and commits of a row's runs.
std::string ids_of(const Filled& filled) {
  std::vector<std::string> ids;
  for (const RunResult& run : filled.runs) ids.push_back(run.id());
  return fmt::format("{}", fmt::join(ids, ", "));
}

std::vector<ChartSeries> series_of(const Table& table, const std::vector<Column>& columns) {
  std::vector<ChartSeries> series;
  for (const std::string& version : table.published) series.push_back({version, true});
  for (const Column& column : columns) series.push_back({fmt::format("ours, {}", column.head), false});
  return series;
}

ChartRow chart_row(const Filled& filled, const std::vector<Column>& columns) {
  ChartRow row{filled.row->name, {}};
  const std::vector<std::string>& published = filled.row->published;
  for (std::size_t i = 0; i < published.size(); ++i) {
    if (const std::optional<double> value = number_in(published[i])) row.marks.push_back({i, *value, 0});
  }
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const std::vector<double> values = values_of(filled, columns[i]);
    if (values.empty()) continue;
    const SeedStatistics s = seed_statistics(values);
    row.marks.push_back({published.size() + i, s.mean, s.half_width});
  }
  return row;
}

std::string lower_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

/// A table of what its picture shows alone.
Table pictured(Table table) {
  if (table.picture.empty()) return table;
  table.measures = table.picture;
  const auto is_shown = [&](const std::string& version) {
    return std::find(table.picture.begin(), table.picture.end(), lower_case(version)) != table.picture.end();
  };
  std::vector<bool> shown;
  for (const std::string& version : table.published) shown.push_back(is_shown(version));
  const auto keep = [&](std::vector<std::string>& texts) {
    std::vector<std::string> kept;
    for (std::size_t i = 0; i < texts.size(); ++i) {
      if (shown[i]) kept.push_back(texts[i]);
    }
    texts = kept;
  };
  for (TableRow& row : table.rows) keep(row.published);
  keep(table.published);
  return table;
}

/// The first of ours, or else the last that was published.
ChartLevel level_of(const ChartRow& row, std::size_t published) {
  const auto is_ours = [&](const ChartMark& mark) { return mark.series >= published; };
  const auto first = std::find_if(row.marks.begin(), row.marks.end(), is_ours);
  if (first != row.marks.end()) return {row.name, first->value, first->series};
  if (row.marks.empty()) return {row.name};
  return {row.name + ", published", row.marks.back().value, row.marks.back().series};
}

bool is_figure(const std::string& text) {
  const std::optional<double> number = number_in(text);
  return text == "–" || (number && std::isfinite(*number));
}

TableRow read_row(const Reader& row, const Table& table) {
  row.check_keys({"name", "config", "seeds", "published", "mode", "glimpses"});
  TableRow read{row.text("name"),
                row.text("config"),
                row.numbers("seeds"),
                row.texts("published"),
                table.measures.empty() ? "" : row.text("mode"),
                row.has("glimpses") ? row.number("glimpses") : 0};
  const std::set<std::uint64_t> seeds(read.seeds.begin(), read.seeds.end());
  if (seeds.empty() || seeds.size() != read.seeds.size()) row.fail("seeds", "different numbers, one or more");
  if (read.published.size() != table.published.size()) {
    row.fail("published", "one figure for each version of the paper");
  }
  if (!std::all_of(read.published.begin(), read.published.end(), is_figure)) {
    row.fail("published", "numbers, or \"–\" where a paper has none");
  }
  if (table.measures.empty() && row.has("mode")) row.fail("mode", "left out: the table has no measures");
  return read;
}

/// A bar in a name is none of the table's.
std::string as_cell(const std::string& text) {
  std::string cell;
  for (const char c : text) {
    if (c == '|') cell += '\\';
    cell += c;
  }
  return cell;
}

}  // namespace

Table load_table(const fs::path& path) {
  const toml::table file = parse(path);
  const Reader reader(path.string(), file);
  reader.check_keys({"title", "published", "measures", "picture", "note", "error", "row"});
  Table table{reader.text("title"), reader.texts("published"), {}, {}, {}};
  if (reader.has("measures")) table.measures = reader.texts("measures");
  if (reader.has("note")) table.note = reader.text("note");
  if (reader.has("error")) table.error = reader.text("error");
  if (reader.has("picture")) table.picture = reader.texts("picture");
  for (const std::string& measure : table.picture) {
    const auto& known = table.measures;
    if (std::find(known.begin(), known.end(), measure) == known.end()) reader.fail("picture", "some of the measures");
  }
  std::set<std::string> names;
  for (const Reader& row : reader.tables("row")) {
    table.rows.push_back(read_row(row, table));
    if (!names.insert(table.rows.back().name).second) row.fail("name", "that of no other row");
  }
  return table;
}

std::vector<std::string> table_names() { return names_of_experiment_files(extension); }

fs::path find_table(const std::string& name) {
  if (fs::is_regular_file(name)) return name;
  for (const fs::path& folder : experiment_folders()) {
    if (fs::is_regular_file(folder / (name + extension))) return folder / (name + extension);
  }
  throw IoError(fmt::format("{}: there is no such table; there are {}", name, fmt::join(table_names(), ", ")));
}

RunIndex::RunIndex(const std::vector<fs::path>& folders) {
  for (const fs::path& folder : folders) {
    std::vector<fs::path> runs;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error)) runs.push_back(entry.path());
    std::sort(runs.begin(), runs.end());
    for (const fs::path& run : runs) add_if_tested(run);
  }
}

void RunIndex::add_if_tested(const fs::path& folder) {
  if (!fs::exists(folder / "config.toml")) {
    if (fs::exists(folder / "evaluation.json")) passed_over_.push_back(folder.string() + ": it has no config.toml");
    return;
  }
  try {
    std::optional<RunResult> result = read_tested_run(RunDirectory::open(folder));
    if (result) add(std::move(*result));
  } catch (const ConfigError& error) {  // of another version, whose keys are not all ours
    if (fs::exists(folder / "evaluation.json")) passed_over_.emplace_back(error.what());
  }
}

std::vector<RunResult> RunIndex::find(const std::string& configuration, const std::vector<std::uint64_t>& seeds) const {
  std::vector<RunResult> found;
  for (const std::uint64_t seed : seeds) {
    const auto run = std::find_if(results_.begin(), results_.end(), [&](const RunResult& result) {
      return result.seed == seed && result.configuration == configuration;
    });
    if (run != results_.end()) found.push_back(*run);
  }
  return found;
}

std::vector<RunResult> RunIndex::find(const std::string& configuration) const {
  std::set<std::uint64_t> seeds;
  for (const RunResult& result : results_) {
    if (result.configuration == configuration) seeds.insert(result.seed);
  }
  return find(configuration, {seeds.begin(), seeds.end()});
}

std::string table_as_markdown(const Table& table, const RunIndex& runs) {
  const std::vector<Filled> rows = fill_rows(table, runs);
  const std::vector<Column> columns = columns_of(table, rows);
  const std::vector<std::string> head = head_of(table, columns);
  std::string text = fmt::format("{}\n\n| {} |\n|---|", table.title, fmt::join(head, " | "));
  for (std::size_t i = 1; i < head.size(); ++i) text += "--:|";
  text += '\n';
  for (const Filled& row : rows) {
    std::vector<std::string> cells = cells_of(row, columns);
    std::transform(cells.begin(), cells.end(), cells.begin(), as_cell);
    text += fmt::format("| {} |\n", fmt::join(cells, " | "));
  }
  text += "\nOurs: mean over seeds ± half the 95 % interval of the mean (Student's t), by the way of testing.\n";
  if (!table.note.empty()) text += fmt::format("\n{}\n", table.note);
  std::string list;
  for (const Filled& row : rows) {
    if (!row.runs.empty()) list += fmt::format("- {}: {}\n", row.row->name, ids_of(row));
  }
  return list.empty() ? text : fmt::format("{}\nThe runs, with the commits that trained them:\n\n{}", text, list);
}

std::string table_as_csv(const Table& table, const RunIndex& runs) {
  const std::vector<Filled> rows = fill_rows(table, runs);
  const std::vector<Column> columns = columns_of(table, rows);
  std::vector<std::string> head = head_of(table, columns);
  head.emplace_back("runs");
  std::string text = csv_line(head);
  for (const Filled& row : rows) {
    std::vector<std::string> cells = cells_of(row, columns);
    cells.push_back(ids_of(row));
    text += csv_line(cells);
  }
  return text;
}

RowChart row_chart_of(const Table& table, const RunIndex& runs) {
  const Table shown = pictured(table);
  const std::vector<Filled> rows = fill_rows(shown, runs);
  std::vector<Column> columns = columns_of(shown, rows);
  std::erase_if(columns, [](const Column& column) { return !is_share(column.measure); });
  RowChart chart{table.title,           table.measures.empty() ? table.error : "%", series_of(shown, columns), {}, 100,
                 table.measures.empty()};
  for (const Filled& row : rows) chart.rows.push_back(chart_row(row, columns));
  return chart;
}

bool has_glimpses(const Table& table) {
  return std::count_if(table.rows.begin(), table.rows.end(), [](const TableRow& row) { return row.glimpses > 0; }) > 1;
}

LineChart line_chart_of(const Table& table, const RunIndex& runs) {
  const std::vector<Filled> rows = fill_rows(table, runs);
  const std::vector<Column> columns = columns_of(table, rows);
  LineChart chart{table.title, "glimpses", table.measures.empty() ? table.error : "%", series_of(table, columns),
                  {},          {}};
  for (const Filled& row : rows) {
    if (row.row->glimpses == 0) {
      chart.levels.push_back(level_of(chart_row(row, columns), table.published.size()));
      continue;
    }
    const auto glimpses = static_cast<double>(row.row->glimpses);
    for (const ChartMark& mark : chart_row(row, columns).marks)
      chart.points.push_back({mark.series, glimpses, mark.value, mark.half_width});
  }
  return chart;
}

}  // namespace saccade::experiments
