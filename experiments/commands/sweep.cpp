#include "experiments/sweep.hpp"

#include <fmt/format.h>

#include <memory>
#include <string_view>

#include "core/errors.hpp"
#include "core/io/file.hpp"
#include "core/io/folder_lock.hpp"
#include "experiments/commands/commands.hpp"
#include "experiments/commands/common.hpp"
#include "experiments/commands/side_by_side.hpp"
#include "experiments/commands/terminal.hpp"
#include "experiments/experiment.hpp"
#include "experiments/run_directory.hpp"

namespace saccade::commands {
namespace {

namespace fs = std::filesystem;
using namespace experiments;

std::string counted(std::size_t count, const char* what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

struct SweepCommand {
  SweepPlan plan;
  std::vector<std::string> grid;
  std::vector<std::string> random;
  std::string out;
  SideBySide side_by_side;

  CLI::App* add(CLI::App& app) {
    CLI::App* command = app.add_subcommand("sweep", "Search over settings; validation chooses");
    command->add_option("config", plan.config, "configuration file, or the name of one that `saccade list` shows")
        ->required();
    const auto repeated = [&](const char* name, std::vector<std::string>& values, const char* help) {
      return command->add_option(name, values, help)->allow_extra_args(false);
    };
    repeated("--grid", grid,
             "values to try of a key: KEY=A,B,C, none with a comma in it (may be repeated: every combination)");
    CLI::Option* drawn =
        repeated("--random", random, "interval to draw a key from: KEY=LOW:HIGH, KEY=log:LOW:HIGH, int: or int-log:");
    repeated("--set", plan.overrides, "override a key in all trials: KEY=VALUE");
    command->add_option("--draws", plan.draws, "random draws, each tried at every point of the grid (default: 8)")
        ->check(CLI::Range(1, 100000))
        ->needs(drawn);
    command->add_option("--draw-seed", plan.seed, "of the random draws (default: 0)")
        ->check(CLI::Range(0, 1'000'000'000))
        ->needs(drawn);
    command->add_option("--seeds", plan.seeds, "seeds of each trial, such as 0,1,2 (default: 0)")
        ->delimiter(',')
        ->check(CLI::Range(std::int64_t{0}, largest_seed));
    command->add_option("--out", out,
                        "folder of the runs and of sweep.md, sweep.csv, best.toml (default: sweeps/NAME)");
    side_by_side.add(*command);
    command->footer(
        "A sweep that was killed goes on when the same command is given again; more values, draws or seeds add to it.\n"
        "Examples:\n"
        "  saccade sweep quickstart --grid agent.location_std=0.05,0.1,0.2 --seeds 0,1 --jobs 2\n"
        "  saccade sweep mnih2014/ram-6 --random trainer.schedule.rate=log:1e-4:1e-2 --draws 12 \\\n"
        "      --set trainer.epochs=10 --budget 2");
    return command;
  }

  void execute() {
    for (const std::string& axis : grid) plan.grid.push_back(parse_grid_axis(axis));
    for (const std::string& axis : random) plan.random.push_back(parse_random_axis(axis));
    const fs::path folder = out.empty() ? fs::path("sweeps") / fs::path(plan.config).stem() : fs::path(out);
    const std::vector<Trial> trials = trials_of(plan);
    for (const Trial& trial : trials) check_trial(trial);  // told before anything is made
    io::make_folder(folder);
    const io::FolderLock lock(folder, "searching in this folder");
    check_search(folder);
    TrainingJobOptions options = side_by_side.job_options();
    options.folder = folder / "runs";
    options.validation_only = true;
    const std::vector<WantedRun> missing = missing_runs(trials, options.folder);
    print(fmt::format("{} with {} each; {} to do", counted(trials.size(), "trial"), counted(plan.seeds.size(), "seed"),
                      counted(missing.size(), "run")));
    const auto failures = side_by_side.run(missing, options);
    report(rank_trials(trials, options.folder, failures), folder);
    throw_if_any(failures);
  }

  static void check_trial(const Trial& trial) {
    try {
      (void)configuration_of(trial.runs.front());
    } catch (const ConfigError& error) {
      const bool is_whole = std::string_view(error.what()).find("whole number") != std::string_view::npos;
      throw ConfigError(fmt::format("sweep: a trial cannot be run: {}{}", error.what(),
                                    is_whole ? "; --random KEY=int:LOW:HIGH draws whole numbers" : ""));
    }
  }

  /// Two searches in one folder would take each other's table and best.toml.
  void check_search(const fs::path& folder) const {
    const fs::path file = folder / "search.txt";
    const std::string search = search_of(plan);
    if (!fs::exists(file)) return io::write_atomically(file, search);
    if (io::read_file(file) == search) return;
    throw ConfigError(fmt::format("{} holds another search, as its search.txt says; name another folder with --out",
                                  folder.string()));
  }

  [[nodiscard]] static std::vector<WantedRun> missing_runs(const std::vector<Trial>& trials, const fs::path& folder) {
    std::vector<WantedRun> missing;
    for (const Trial& trial : trials) {
      for (const WantedRun& run : trial.runs) {
        if (!finished_run(run, folder)) missing.push_back(run);
      }
    }
    return missing;
  }

  void report(const std::vector<TrialResult>& ranking, const fs::path& folder) const {
    print(sweep_as_markdown(plan, ranking));
    io::write_atomically(folder / "sweep.md", sweep_as_markdown(plan, ranking));
    io::write_atomically(folder / "sweep.csv", sweep_as_csv(ranking));
    if (ranking.front().runs.empty()) {
      print("no run has finished yet");
      return;
    }
    io::write_atomically(folder / "best.toml", configuration_of(ranking.front().trial->runs.front()));
    print(fmt::format("written: {0}/sweep.md, {0}/sweep.csv, {0}/best.toml", folder.string()));
  }
};

}  // namespace

void add_sweep(CLI::App& app) {
  const auto options = std::make_shared<SweepCommand>();
  options->add(app)->callback([options] { options->execute(); });
}

}  // namespace saccade::commands
