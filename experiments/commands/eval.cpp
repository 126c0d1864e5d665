#include <fmt/format.h>

#include <memory>

#include "experiments/commands/commands.hpp"
#include "experiments/commands/common.hpp"
#include "experiments/commands/terminal.hpp"

namespace saccade::commands {
namespace {

using namespace experiments;

/// A range alone lets it pass.
std::string not_nan(const std::string& text) {
  return text.find_first_of("nN") == std::string::npos ? "" : "not a number";
}

struct EvalCommand {
  std::vector<std::string> runs;
  std::string world;
  std::string split = "test";
  OtherEffort other;
  CommonOptions common;

  CLI::App* add(CLI::App& app) {
    CLI::App* command = app.add_subcommand("eval",
                                           "Evaluate runs in every way their agents can act: mean, one sample, M "
                                           "samples averaged; captions greedily and by beam search, with drawn, "
                                           "likeliest and expected context");
    command->add_option("run", runs, "folders of runs")->required();
    command->add_option("--split", split, "which episodes")->check(CLI::IsMember({"validation", "test"}));
    command->add_option("--samples", other.samples, "M (default: the run's)")->check(CLI::Range(1, 10000));
    command->add_option("--beam", other.beam, "hypotheses of captions (default: the run's)")
        ->check(CLI::Range(1, 1000));
    command
        ->add_option("--length-power", other.length_power,
                     "a beam compares captions by log-probability / length^this (default: the run's)")
        ->check(CLI::Range(0.0, 10.0) & CLI::Validator(not_nan, "", "a number"));
    common.add(*command);
    command->add_option("--world", world, "test in another world than the run's, with its default settings");
    command->footer(
        "Examples:\n"
        "  saccade eval runs/quickstart-seed0 runs/quickstart-random-seed0\n"
        "  saccade eval runs/fc-digits-seed0 --world mnist\n"
        "  saccade eval runs/flickr8k-soft-seed0 --beam 10 --length-power 0.5 --split validation");
    return command;
  }

  void execute(const std::string& command_line) const {
    const rl::Split which = rl::split_named(split);
    RunOptions options = common.resolve(command_line);
    options.world = world;
    for (const std::string& folder : runs) {
      const RunDirectory run = RunDirectory::open(folder);
      print(folder);
      note_if_unfinished(run);
      print_results(evaluate_run(run, options, {which}, other));
    }
  }
};

}  // namespace

void add_eval(CLI::App& app, const std::string& line) {
  const auto options = std::make_shared<EvalCommand>();
  options->add(app)->callback([options, line] { options->execute(line); });
}

}  // namespace saccade::commands
