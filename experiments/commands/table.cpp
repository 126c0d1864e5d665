#include <fmt/format.h>

#include <memory>

#include "core/errors.hpp"
#include "core/io/file.hpp"
#include "experiments/commands/commands.hpp"
#include "experiments/commands/common.hpp"
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
  CommonOptions common;

  CLI::App* add(CLI::App& app) {
    CLI::App* command = app.add_subcommand("table", "Make a table of a paper: run what is missing, read the rest");
    command->add_option("name", name, "table file, or the name of one that `saccade list` shows")->required();
    command->add_flag("--read", read, "run nothing: what is missing stays a dash");
    command->add_option("--only", only, "run only rows whose name or configuration contains this");
    command->add_option("--records", folders, "folders of runs to read beside runs/ (may be repeated)")
        ->allow_extra_args(false);
    command->add_option("--out", out, "also write OUT.md and OUT.csv");
    common.add(*command);
    command->footer(
        "Examples:\n"
        "  saccade table mnih2014/table1a --read --records results/mnih2014/runs\n"
        "  saccade table mnih2014/table1a --only ram-6");
    return command;
  }

  void execute(const std::string& command_line) const {
    const Table table = load_table(find_table(name));
    std::vector<fs::path> places{"runs"};
    places.insert(places.end(), folders.begin(), folders.end());
    RunIndex index(places);
    if (!read) run_missing(table, index, command_line);
    print(table_as_markdown(table, index));
    if (out.empty()) return;
    io::write_atomically(out + ".md", table_as_markdown(table, index));
    io::write_atomically(out + ".csv", table_as_csv(table, index));
    print(fmt::format("written: {0}.md, {0}.csv", out));
  }

  void run_missing(const Table& table, RunIndex& index, const std::string& command_line) const {
    for (const TableRow& row : table.rows) {
      if (row.name.find(only) == std::string::npos && row.config.find(only) == std::string::npos) continue;
      const fs::path config = find_config(row.config);
      const std::string configuration = seedless_configuration(config);
      for (const std::uint64_t seed : row.seeds) {
        if (!index.find(configuration, {seed}).empty()) continue;
        print(fmt::format("--- {}, seed {}", row.name, seed));
        Experiment experiment(ConfigTree::load(config), seed);
        RunDirectory run = begin_or_go_on(experiment, fmt::format("{}-seed{}", config.stem().string(), seed));
        train(experiment, run, common.resolve(command_line));
        index.add(read_run_result(run));
      }
    }
  }

  /// The run of this configuration that was cut short, or a new one.
  static RunDirectory begin_or_go_on(Experiment& experiment, const std::string& run_name) {
    try {
      return RunDirectory::open_last("runs", run_name, experiment.to_toml());
    } catch (const IoError&) {
      return RunDirectory::create_unused("runs", run_name);
    }
  }
};

}  // namespace

void add_table(CLI::App& app, const std::string& line) {
  const auto options = std::make_shared<TableCommand>();
  options->add(app)->callback([options, line] { options->execute(line); });
}

}  // namespace saccade::commands
