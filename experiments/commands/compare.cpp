#include "experiments/compare.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "core/errors.hpp"
#include "core/io/file.hpp"
#include "experiments/commands/commands.hpp"
#include "experiments/commands/common.hpp"
#include "experiments/commands/terminal.hpp"
#include "experiments/compare_figure.hpp"
#include "experiments/compare_report.hpp"

namespace saccade::commands {
namespace {

namespace fs = std::filesystem;
using namespace experiments;

/// What decides on the episodes of runs, where a judge does: it knows what people said of the same items.
struct FoundJudge {
  std::shared_ptr<const rl::Judge> judge;
  std::string why_not;
};

bool has_predictions(const std::vector<ComparedGroup>& groups) {
  for (const ComparedGroup& group : groups) {
    for (const RunDetails& run : group.details) {
      if (run.has_predictions()) return true;
    }
  }
  return false;
}

FoundJudge find_judge(const std::vector<ComparedGroup>& groups, const envs::Resources& resources) {
  if (!groups.front().judged()) return {};
  if (!has_predictions(groups)) return {nullptr, "No run left predictions.jsonl, so nothing is said of test items."};
  const RunDirectory run = RunDirectory::open(groups.front().row.runs.front().folder);
  try {
    return {Experiment(ConfigTree::load(run.config())).make_judge(resources), {}};
  } catch (const IoError& error) {
    return {nullptr,
            fmt::format("Nothing is said of test items, as what people said of them cannot be had: {}.", error.what())};
  }
}

struct CompareCommand {
  std::vector<std::string> names;
  std::vector<std::string> folders;
  std::string out;
  CompareOptions options;
  CommonOptions common;

  CLI::App* add(CLI::App& app) {
    CLI::App* command =
        app.add_subcommand("compare", "Tell which of several configurations is better, and what is significant");
    command
        ->add_option("run", names,
                     "folders of runs, or names of configurations or of a table's rows, whose mode then leads; the "
                     "first is what others are compared with, and seeds of one configuration are one group")
        ->required();
    command->add_option("--runs", folders, "folders of the runs that are named by configurations (default: runs)")
        ->allow_extra_args(false);
    command->add_option("--mode", options.mode,
                        "compare in the first mode whose name holds this (default: the mode that chose parameters)");
    command->add_option("--resamples", options.resamples, "of the bootstrap over test items (default: 10000)")
        ->check(CLI::Range(100, 10000000));
    command->add_option("--out", out, "folder for comparison.md, .png, measures.csv, differences.csv, curves.csv");
    common.add(*command);
    command->footer(
        "Examples:\n"
        "  saccade compare runs/ram-6-seed* runs/ram-6-random-seed*\n"
        "  saccade compare mnih2014/cluttered60-ram-8 mnih2014/cluttered60-random-8 --runs results/mnih2014/runs --out "
        "comparison\n"
        "  saccade compare xu2015/flickr8k-soft xu2015/flickr8k-hard xu2015/flickr8k-uniform --mode beam");
    return command;
  }

  [[nodiscard]] std::vector<ComparedGroup> groups() const {
    std::vector<fs::path> places = run_folders({}, folders);
    if (places.empty()) places.emplace_back("runs");
    std::vector<NamedRuns> named;
    std::vector<fs::path> all;
    for (const std::string& name : names) {
      named.push_back(runs_named(name, places));
      for (const fs::path& run : named.back().runs) {
        if (std::find(all.begin(), all.end(), run) == all.end()) all.push_back(run);
      }
    }
    std::vector<ComparedGroup> found = read_groups(all);
    for (const NamedRuns& one : named) ask_for_mode(found, one);
    return found;
  }

  void execute() const {
    if (!out.empty()) io::make_folder(out);  // before any work, which would be lost
    const RunOptions resolved = common.resolve("");
    parallel::Workers workers(resolved.threads);
    std::vector<ComparedGroup> found = groups();
    const FoundJudge found_judge = find_judge(found, {resolved.data_folders, &workers});
    const Comparison comparison =
        compare_groups(std::move(found), found_judge.judge.get(), found_judge.why_not, options, workers);
    print(comparison_as_markdown(comparison));
    if (!out.empty()) write(comparison);
  }

  void write(const Comparison& comparison) const {
    const fs::path folder = out;
    io::write_atomically(folder / "comparison.md", comparison_as_markdown(comparison));
    io::write_atomically(folder / "comparison.png", draw_comparison(comparison));
    io::write_atomically(folder / "measures.csv", comparison_measures_as_csv(comparison));
    io::write_atomically(folder / "differences.csv", comparison_differences_as_csv(comparison));
    io::write_atomically(folder / "curves.csv", comparison_curves_as_csv(comparison));
    print(fmt::format("written: {0}/comparison.md, comparison.png, measures.csv, differences.csv, curves.csv", out));
  }
};

}  // namespace

void add_compare(CLI::App& app) {
  const auto command = std::make_shared<CompareCommand>();
  command->add(app)->callback([command] { command->execute(); });
}

}  // namespace saccade::commands
