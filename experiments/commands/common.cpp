#include "experiments/commands/common.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/errors.hpp"
#include "experiments/commands/stop.hpp"
#include "experiments/commands/terminal.hpp"

namespace saccade::commands {

using namespace experiments;

namespace {

bool holds_runs(const std::filesystem::path& folder) {
  std::error_code error;
  const std::filesystem::directory_iterator entries(folder, error), end;
  return std::any_of(begin(entries), end,
                     [](const auto& entry) { return std::filesystem::exists(entry.path() / "config.toml"); });
}

void check_holds_runs(const std::filesystem::path& folder) {
  if (!std::filesystem::is_directory(folder)) {
    throw IoError(fmt::format("{}: there is no such folder", folder.string()));
  }
  if (holds_runs(folder)) return;
  const auto parent = (folder.has_filename() ? folder : folder.parent_path()).parent_path();
  const auto hint = holds_runs(folder / "runs") ? folder / "runs" : holds_runs(parent) ? parent : "";
  throw IoError(fmt::format("{}: there are no runs in this folder{}", folder.string(),
                            hint.empty() ? "" : fmt::format("; did you mean {}?", hint.string())));
}

}  // namespace

void CommonOptions::add(CLI::App& command) {
  command.add_option("--threads", threads, "threads to work with; changes no result (default: one a core)")
      ->check(CLI::Range(0, 1024));
  command.add_option("--data", data, data_option_help);
}

RunOptions CommonOptions::resolve(const std::string& command_line) const {
  return {command_line, threads, data_folders(data)};
}

std::vector<std::filesystem::path> run_folders(std::vector<std::filesystem::path> known,
                                               const std::vector<std::string>& named) {
  for (const std::string& folder : named) {
    check_holds_runs(folder);
    known.emplace_back(folder);
  }
  return known;
}

void note_if_unfinished(const RunDirectory& run) {
  if (std::filesystem::exists(run.evaluation()) || !std::filesystem::exists(run.checkpoint())) return;
  print(fmt::format("{}: this run is not finished: the best parameters so far", run.path().string()));
}

void train(Experiment& experiment, RunDirectory& run, const RunOptions& options) {
  ProgressLine line;
  RunCallbacks callbacks;
  callbacks.on_start = [&](const std::vector<std::string>& notes) {
    print(fmt::format("run directory: {}", run.path().string()));
    for (const std::string& note : notes) print(note);
  };
  callbacks.on_progress = [&](const Progress& progress) { line.show(progress); };
  callbacks.stop = [] { return stop_signal() != 0; };
  try {
    print_results(run_experiment(experiment, run, options, callbacks));
  } catch (const Interrupted& interruption) {
    line.close();
    throw Interrupted(
        fmt::format("{}; go on with: saccade run --resume --out {}", interruption.what(), run.path().string()));
  }
}

}  // namespace saccade::commands
