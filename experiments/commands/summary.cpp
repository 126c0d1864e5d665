#include <fmt/format.h>

#include <memory>

#include "experiments/commands/commands.hpp"
#include "experiments/commands/terminal.hpp"
#include "experiments/summary.hpp"

namespace saccade::commands {
namespace {

using namespace experiments;

struct SummaryCommand {
  std::vector<std::string> runs;

  CLI::App* add(CLI::App& app) {
    CLI::App* command = app.add_subcommand("summary", "Tabulate finished runs: mean and interval over seeds");
    command->add_option("run", runs, "folders of runs; those that differ only in the seed share a row")->required();
    command->footer("Example:\n  saccade summary runs/ram-6-seed* runs/ram-6-random-seed*");
    return command;
  }

  void execute() const { print(summarise_runs({runs.begin(), runs.end()})); }
};

}  // namespace

void add_summary(CLI::App& app) {
  const auto options = std::make_shared<SummaryCommand>();
  options->add(app)->callback([options] { options->execute(); });
}

}  // namespace saccade::commands
