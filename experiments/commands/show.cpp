#include <fmt/format.h>

#include <memory>

#include "core/errors.hpp"
#include "core/io/file.hpp"
#include "experiments/commands/commands.hpp"
#include "experiments/commands/common.hpp"
#include "experiments/commands/terminal.hpp"

namespace saccade::commands {
namespace {

namespace fs = std::filesystem;
using namespace experiments;

rl::Decision decision_named(const std::string& name) {
  if (name == "mode") return rl::Decision::mode;
  return name == "mean" ? rl::Decision::mean : rl::Decision::sample;
}

struct ShowCommand {
  std::string run;
  std::string out;
  std::string split = "test";
  std::string decision;
  Shown shown;
  bool heat = false;
  std::string images;
  CommonOptions common;

  CLI::App* add(CLI::App& app) {
    CLI::App* command = app.add_subcommand("show", "Draw where a run's agent looks, as a PNG file");
    command->add_option("run", run, "folder of a run")->required();
    command->add_option("--out", out, "the picture (default: glimpses.png or heat.png in the run's folder)");
    command->add_option("--split", split, "which episodes")->check(CLI::IsMember({"train", "validation", "test"}));
    command
        ->add_option("--decision", decision,
                     "mean of the policy (of captions the expected context), its likeliest choice, or one sample "
                     "(drawn); default: as `eval` does first")
        ->check(CLI::IsMember({"mean", "mode", "sample"}));
    command->add_option("--first", shown.first, "index of the first episode")->check(CLI::Range(0, 1'000'000'000));
    command->add_option("--count", shown.count, "number of episodes (default: 10, with --heat 1000, or all there are)")
        ->check(CLI::Range(1, 1'000'000));
    command->add_option("--beam", shown.beam, "hypotheses of captions (default: 1, each word the likeliest)")
        ->check(CLI::Range(1, 1000));
    command->add_flag("--heat", heat, "a heat map of the places of each glimpse over many episodes");
    command->add_option("--images", images, "folder of the photographs, of a run on annotations")
        ->check(CLI::ExistingDirectory);
    common.add(*command);
    command->footer(
        "A run on annotations is drawn on the photographs, from flickr8k/images, environment.images or --images.\n"
        "Examples:\n"
        "  saccade show runs/quickstart-seed0 --count 6 --out glimpses.png\n"
        "  saccade show runs/quickstart-seed0 --heat\n"
        "  saccade show runs/digits-demo-seed0 --beam 5\n"
        "  saccade show runs/digits-demo-seed0 --decision mean");
    return command;
  }

  void execute(const std::string& command_line) {
    if (!out.empty() && fs::path(out).extension() != ".png") {
      throw ConfigError(fmt::format("show: --out must end with .png, got {}", out));
    }
    const RunDirectory folder = RunDirectory::open(run);
    note_if_unfinished(folder);
    if (!decision.empty()) shown.decision = decision_named(decision);
    shown.split = rl::split_named(split);
    RunOptions options = common.resolve(command_line);
    options.photographs = images;
    const std::string picture = (heat ? show_places : show_run)(folder, options, shown);
    const fs::path path = out.empty() ? folder.path() / (heat ? "heat.png" : "glimpses.png") : fs::path(out);
    if (path.has_parent_path()) io::make_folder(path.parent_path());
    io::write_atomically(path, picture);
    print(fmt::format("picture: {}", path.string()));
  }
};

}  // namespace

void add_show(CLI::App& app, const std::string& line) {
  const auto options = std::make_shared<ShowCommand>();
  options->add(app)->callback([options, line] { options->execute(line); });
}

}  // namespace saccade::commands
