#include <fmt/format.h>

#include <memory>

#include "core/errors.hpp"
#include "core/io/file.hpp"
#include "experiments/commands/commands.hpp"
#include "experiments/commands/common.hpp"
#include "experiments/commands/stop.hpp"
#include "experiments/commands/terminal.hpp"

namespace saccade::commands {
namespace {

namespace fs = std::filesystem;
using namespace experiments;

struct RunCommand {
  std::string config;
  std::vector<std::string> overrides;
  std::optional<std::uint64_t> seed;
  bool resume = false;
  bool print_config = false;
  bool validation_only = false;
  std::string out;
  CommonOptions common;

  CLI::App* add(CLI::App& app) {
    CLI::App* command = app.add_subcommand("run", "Train an experiment and evaluate it");
    command->add_option("config", config, "configuration file, or the name of one that `saccade list` shows");
    command->add_option("--set", overrides, "override a key: --set agent.glimpses=8 (may be repeated)")
        ->allow_extra_args(false);
    command->add_option("--seed", seed, "override the key seed")->check(CLI::Range(std::int64_t{0}, largest_seed));
    command->add_flag("--resume", resume, "go on with the run in --out, or with the last one of this name");
    command->add_option("--out", out, "folder of the run (default: runs/NAME-seedN)");
    command->add_flag("--validation-only", validation_only, "leave the test split alone, as a search must");
    command->add_flag("--print-config", print_config, "print the resolved configuration and stop");
    common.add(*command);
    command->footer(
        "Examples:\n"
        "  saccade run quickstart\n"
        "  saccade run mnih2014/ram-6 --seed 1 --data ~/data\n"
        "  saccade run quickstart --set agent.glimpses=4 --set trainer.epochs=3 --out runs/four\n"
        "  saccade run --resume --out runs/four");
    return command;
  }

  [[nodiscard]] ConfigTree load() const {
    if (config.empty() && !(resume && !out.empty())) {
      throw ConfigError("run: name a configuration (`saccade list` shows some), or give --resume with --out");
    }
    ConfigTree tree = ConfigTree::load(config.empty() ? RunDirectory::open(out).config() : find_config(config));
    for (const std::string& assignment : overrides) tree.set(assignment);
    return tree;
  }

  [[nodiscard]] RunDirectory open_run(Experiment& experiment) const {
    const std::string name = fmt::format("{}-seed{}", fs::path(config).stem().string(), experiment.seed());
    if (resume && out.empty()) return RunDirectory::open_last("runs", name, experiment.to_toml());
    if (resume) return RunDirectory::open(out);
    return out.empty() ? RunDirectory::create_unused("runs", name) : RunDirectory::create(out);
  }

  void execute(const std::string& command_line) const {
    Experiment experiment(load(), seed);
    if (print_config) {
      print(experiment.to_toml());
      return;
    }
    listen_for_stop();  // from before the folder is made, so that none is left empty
    RunOptions options = common.resolve(command_line);
    options.validation_only = validation_only;
    RunDirectory run = open_run(experiment);
    if (resume) check_same(run, experiment);
    train(experiment, run, options);
  }

  static void check_same(const RunDirectory& run, Experiment& experiment) {
    const std::string difference = first_difference(run.configuration(), experiment.to_toml());
    if (difference.empty()) return;
    throw ConfigError(fmt::format("{}: this run has another configuration, so it cannot go on with this one: {}",
                                  run.config().string(), difference));
  }
};

}  // namespace

void add_run(CLI::App& app, const std::string& line) {
  const auto options = std::make_shared<RunCommand>();
  options->add(app)->callback([options, line] { options->execute(line); });
}

}  // namespace saccade::commands
