#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <set>

#include "core/errors.hpp"
#include "core/io/file.hpp"
#include "core/io/folder_lock.hpp"
#include "experiments/commands/commands.hpp"
#include "experiments/commands/common.hpp"
#include "experiments/commands/side_by_side.hpp"
#include "experiments/commands/terminal.hpp"
#include "experiments/table.hpp"

namespace saccade::commands {
namespace {

namespace fs = std::filesystem;
using namespace experiments;

struct TableCommand {
  std::string name;
  std::string only;
  std::string out;
  std::vector<std::string> folders;
  bool read = false;
  SideBySide side_by_side;

  CLI::App* add(CLI::App& app) {
    CLI::App* command = app.add_subcommand("table", "Make a table of a paper: run what is missing, read the rest");
    command->add_option("name", name, "table file, or the name of one that `saccade list` shows")->required();
    command->add_flag("--read", read, "run nothing: what is missing stays a dash");
    command->add_option("--only", only,
                        "run only the row of this name or configuration, or those that contain it; all are shown");
    command->add_option("--records", folders, "folders of runs to read beside runs/ (may be repeated)")
        ->allow_extra_args(false);
    command->add_option("--out", out,
                        "also write OUT.md, OUT.csv, OUT.png and, of rows with glimpses, OUT-glimpses.png");
    side_by_side.add(*command);
    command->footer(
        "Examples:\n"
        "  saccade table mnih2014/table1a --read --records results/mnih2014/runs\n"
        "  saccade table mnih2014/table1a --only ram-6\n"
        "  saccade table mnih2014/table2a --jobs 2 --budget 3   # again to go on");
    return command;
  }

  void execute() const {
    const Table table = load_table(find_table(name));
    const std::vector<fs::path> places = run_folders({"runs"}, folders);
    const std::vector<const TableRow*> rows = wanted_rows(table);
    make_folder();
    std::optional<io::FolderLock> lock;
    if (!read) lock.emplace(lock_folder(), "making this table");
    const RunIndex before(places);
    for (const std::string& run : before.passed_over()) print(fmt::format("passed over: {}", run));
    const auto failures = read ? Failures{} : run_missing(rows, before);
    const RunIndex index(places);
    print(table_as_markdown(table, index));
    if (!out.empty()) write(table, index);
    throw_if_any(failures);
  }

  /// Two processes that make one table would run the same runs.
  [[nodiscard]] fs::path lock_folder() const {
    fs::path folder = fs::path("runs") / ".tables" / fs::path(name).stem();
    io::make_folder(folder);
    return folder;
  }

  [[nodiscard]] bool is_named(const TableRow& row) const {
    return only == row.name || only == row.config || only == fs::path(row.config).stem();
  }
  [[nodiscard]] bool is_like(const TableRow& row) const {
    return row.name.find(only) != std::string::npos || row.config.find(only) != std::string::npos;
  }

  /// The rows that are just that; if there are none, those that contain it.
  [[nodiscard]] std::vector<const TableRow*> wanted_rows(const Table& table) const {
    std::vector<const TableRow*> named, like;
    for (const TableRow& row : table.rows) {
      if (is_named(row)) named.push_back(&row);
      if (is_like(row)) like.push_back(&row);
    }
    if (like.empty()) throw ConfigError(fmt::format("table: no row's name or configuration contains {}", only));
    return named.empty() ? like : named;
  }

  /// Before any run, so that a place where nothing can be written is not found out after them.
  void make_folder() const {
    const fs::path folder = fs::path(out).parent_path();
    if (!out.empty() && !folder.empty()) io::make_folder(folder);
  }

  void write(const Table& table, const RunIndex& index) const {
    io::write_atomically(out + ".md", table_as_markdown(table, index));
    io::write_atomically(out + ".csv", table_as_csv(table, index));
    io::write_atomically(out + ".png", draw_row_chart(row_chart_of(table, index)));
    print(fmt::format("written: {0}.md, {0}.csv, {0}.png", out));
    if (!has_glimpses(table)) return;
    io::write_atomically(out + "-glimpses.png", draw_line_chart(line_chart_of(table, index)));
    print(fmt::format("error against glimpses: {}-glimpses.png", out));
  }

  [[nodiscard]] Failures run_missing(const std::vector<const TableRow*>& rows, const RunIndex& index) const {
    std::vector<WantedRun> missing;
    std::set<std::pair<std::string, std::uint64_t>> wanted;  // rows that differ in their way of testing share runs
    for (const TableRow* row : rows) {
      const std::string configuration = seedless_configuration(find_config(row->config));
      for (const std::uint64_t seed : row->seeds) {
        if (!index.find(configuration, {seed}).empty() || !wanted.emplace(configuration, seed).second) continue;
        missing.push_back(
            {fmt::format("{}-seed{}", fs::path(row->config).stem().string(), seed), row->config, {}, seed});
      }
    }
    return side_by_side.run(missing, side_by_side.job_options());
  }
};

}  // namespace

void add_table(CLI::App& app) {
  const auto options = std::make_shared<TableCommand>();
  options->add(app)->callback([options] { options->execute(); });
}

}  // namespace saccade::commands
