#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cmath>
#include <csignal>
#include <filesystem>
#include <iostream>
#include <limits>
#include <new>

#include "agents/registry.hpp"
#include "core/errors.hpp"
#include "core/io/file.hpp"
#include "core/tensor/blas_kernel.hpp"
#include "envs/registry.hpp"
#include "experiments/build_info.hpp"
#include "experiments/run.hpp"
#include "experiments/summary.hpp"
#include "experiments/table.hpp"

namespace {

namespace fs = std::filesystem;
using namespace saccade;
using namespace saccade::experiments;

constexpr int bad_input = 2;

/// The signal that asked to stop; 0 for none.
volatile std::sig_atomic_t stop_signal = 0;

/// The first signal asks, the second one kills.
extern "C" void ask_to_stop(int number) {
  stop_signal = number;
  std::signal(number, SIG_DFL);
}

/// Writes a line at once, also into a pipe; a closed or full output is an error like any other.
void print(const std::string& text) {
  std::cout << text << '\n' << std::flush;
  if (!std::cout) throw IoError("standard output: cannot be written");
}

std::string duration_text(double seconds) {
  const auto s = static_cast<long>(std::lround(seconds));
  if (s < 60) return fmt::format("{}s", s);
  if (s < 3600) return fmt::format("{}m{:02}s", s / 60, s % 60);
  return fmt::format("{}h{:02}m", s / 3600, s / 60 % 60);
}

/// The progress of a run: one line that renews itself on a terminal, a line an epoch elsewhere.
class ProgressLine {
 public:
  void show(const Progress& p) {
    const std::string text = fmt::format("epoch {:>3}/{}  {:3.0f}%  {:>6.0f} images/s  train error {:5.2f} %  left {}",
                                         epoch_of(p), p.epochs, 100 * p.fraction, p.images_per_second,
                                         100 * p.train_error, duration_text(p.seconds_left));
    if (p.validation_error) {
      finish_line();
      print(text + fmt::format("  validation error {:.2f} %", 100 * *p.validation_error));
    } else if (terminal_) {
      std::cout << "\r\033[K" << text << std::flush;
      open_ = true;
    }
  }

  /// Ends a line that renews itself, so that what comes next has its own.
  void close() {
    finish_line();
    std::cout << std::flush;
  }

 private:
  static std::size_t epoch_of(const Progress& p) { return p.validation_error ? p.epoch : p.epoch + 1; }
  void finish_line() {
    if (open_) std::cout << "\r\033[K";
    open_ = false;
  }

  bool terminal_ = ::isatty(STDOUT_FILENO) != 0;
  bool open_ = false;
};

/// Half the width of the 95 % interval of an error rate over n test items (normal approximation).
double half_interval(const EvaluationResult& r) {
  return 1.96 * std::sqrt(r.error() * (1 - r.error()) / static_cast<double>(r.episodes));
}

void print_results(const std::vector<ModeResult>& results) {
  for (const ModeResult& r : results) {
    print(fmt::format("{:<10}  {:<26}  error {:6.2f} % +- {:.2f}  ({} of {} wrong, 95 % interval over items)", r.split,
                      r.mode, 100 * r.result.error(), 100 * half_interval(r.result), r.result.wrong,
                      r.result.episodes));
  }
}

/// What several commands share.
struct CommonOptions {
  std::size_t threads = 0;
  std::string data;

  void add(CLI::App& command) {
    command.add_option("--threads", threads, "threads to work with; changes no result (default: one a core)")
        ->check(CLI::Range(0, 1024));
    command.add_option("--data", data,
                       "folder that holds mnist/ (default: $SACCADE_DATA, ./data, ~/.local/share/saccade)");
  }
  [[nodiscard]] RunOptions resolve(const std::string& command_line) const {
    return {command_line, threads, data_folders(data), {}};
  }
};

/// Trains with a progress line; a signal ends it with a word on how to go on.
void train(Experiment& experiment, RunDirectory& run, const RunOptions& options) {
  ProgressLine line;
  RunCallbacks callbacks;
  callbacks.on_start = [&](const std::vector<std::string>& notes) {
    std::signal(SIGINT, ask_to_stop);
    std::signal(SIGTERM, ask_to_stop);
    print(fmt::format("run directory: {}", run.path().string()));
    for (const std::string& note : notes) print(note);
  };
  callbacks.on_progress = [&](const Progress& progress) { line.show(progress); };
  callbacks.stop = [] { return stop_signal != 0; };
  try {
    print_results(run_experiment(experiment, run, options, callbacks));
  } catch (const Interrupted& interruption) {
    line.close();
    throw Interrupted(
        fmt::format("{}; go on with: saccade run --resume --out {}", interruption.what(), run.path().string()));
  }
}

struct RunCommand {
  std::string config;
  std::vector<std::string> overrides;
  std::optional<std::uint64_t> seed;
  bool resume = false;
  bool print_config = false;
  std::string out;
  CommonOptions common;

  void add(CLI::App& app, const std::string& command_line) {
    CLI::App* command = app.add_subcommand("run", "Train an experiment and evaluate it");
    command->add_option("config", config, "configuration file, or the name of one that `saccade list` shows");
    command->add_option("--set", overrides, "override a key: --set agent.glimpses=8 (may be repeated)")
        ->allow_extra_args(false);
    command->add_option("--seed", seed, "override the key seed")
        ->check(CLI::Range(std::int64_t{0}, std::numeric_limits<std::int64_t>::max()));
    command->add_flag("--resume", resume, "go on with the run in --out, or with the last one of this name");
    command->add_option("--out", out, "folder of the run (default: runs/NAME-seedN)");
    command->add_flag("--print-config", print_config, "print the resolved configuration and stop");
    common.add(*command);
    command->footer(
        "Examples:\n"
        "  saccade run quickstart\n"
        "  saccade run mnih2014/ram-6 --seed 1 --data ~/data\n"
        "  saccade run quickstart --set agent.glimpses=4 --set trainer.epochs=3 --out runs/four\n"
        "  saccade run --resume --out runs/four");
    command->callback([this, command_line] { execute(command_line); });
  }

 private:
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
    const RunOptions options = common.resolve(command_line);
    RunDirectory run = open_run(experiment);
    if (resume) check_same(run, experiment);
    train(experiment, run, options);
  }

  static void check_same(const RunDirectory& run, Experiment& experiment) {
    const std::string difference = first_difference(io::read_file(run.config()), experiment.to_toml());
    if (difference.empty()) return;
    throw ConfigError(fmt::format("{}: this run has another configuration, so it cannot go on with this one: {}",
                                  run.config().string(), difference));
  }
};

struct EvalCommand {
  std::vector<std::string> runs;
  std::string world;
  std::string split = "test";
  std::optional<std::size_t> samples;
  CommonOptions common;

  void add(CLI::App& app, const std::string& command_line) {
    CLI::App* command = app.add_subcommand(
        "eval", "Evaluate runs in every way their agents can act: mean, one sample, M samples averaged");
    command->add_option("run", runs, "folders of runs")->required();
    command->add_option("--split", split, "which episodes")->check(CLI::IsMember({"validation", "test"}));
    command->add_option("--samples", samples, "M (default: the run's)")->check(CLI::Range(1, 10000));
    common.add(*command);
    command->add_option("--world", world, "test in another world than the run's, with its default settings");
    command->footer(
        "Examples:\n"
        "  saccade eval runs/quickstart-seed0 runs/quickstart-random-seed0\n"
        "  saccade eval runs/fc-digits-seed0 --world mnist");
    command->callback([this, command_line] { execute(command_line); });
  }

 private:
  void execute(const std::string& command_line) const {
    const rl::Split which = rl::split_named(split);
    RunOptions options = common.resolve(command_line);
    options.world = world;
    for (const std::string& folder : runs) {
      const RunDirectory run = RunDirectory::open(folder);
      print(folder);
      print_results(evaluate_run(run, options, {which}, samples));
    }
  }
};

struct ShowCommand {
  std::string run;
  std::string out;
  std::string split = "test";
  std::string decision = "mean";
  std::size_t first = 0;
  std::size_t count = 10;
  CommonOptions common;

  void add(CLI::App& app, const std::string& command_line) {
    CLI::App* command = app.add_subcommand("show", "Draw where a run's agent looks, as a PNG file");
    command->add_option("run", run, "folder of a run")->required();
    command->add_option("--out", out, "the picture (default: glimpses.png in the run's folder)");
    command->add_option("--split", split, "which episodes")->check(CLI::IsMember({"train", "validation", "test"}));
    command->add_option("--decision", decision, "mean of the policy, or one sample")
        ->check(CLI::IsMember({"mean", "sample"}));
    command->add_option("--first", first, "index of the first episode")->check(CLI::Range(0, 1'000'000'000));
    command->add_option("--count", count, "number of episodes")->check(CLI::Range(1, 100));
    common.add(*command);
    command->footer("Example:\n  saccade show runs/quickstart-seed0 --count 6 --out glimpses.png");
    command->callback([this, command_line] { execute(command_line); });
  }

 private:
  void execute(const std::string& command_line) const {
    const RunDirectory folder = RunDirectory::open(run);
    const std::string picture = show_run(folder, common.resolve(command_line), rl::split_named(split), first, count,
                                         decision == "mean" ? rl::Decision::mean : rl::Decision::sample);
    const fs::path path = out.empty() ? folder.path() / "glimpses.png" : fs::path(out);
    io::write_atomically(path, picture);
    print(fmt::format("picture: {}", path.string()));
  }
};

struct SummaryCommand {
  std::vector<std::string> runs;

  void add(CLI::App& app) {
    CLI::App* command = app.add_subcommand("summary", "Tabulate finished runs: mean and interval over seeds");
    command->add_option("run", runs, "folders of runs; those that differ only in the seed share a row")->required();
    command->footer("Example:\n  saccade summary runs/ram-6-seed* runs/ram-6-random-seed*");
    command->callback([this] { print(summarise_runs({runs.begin(), runs.end()})); });
  }
};

struct TableCommand {
  std::string name;
  std::string only;
  std::string out;
  std::vector<std::string> folders;
  bool read = false;
  CommonOptions common;

  void add(CLI::App& app, const std::string& command_line) {
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
    command->callback([this, command_line] { execute(command_line); });
  }

 private:
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

template <typename Entries>
void print_entries(const std::string& title, const Entries& entries) {
  print(title);
  for (const auto& entry : entries) print(fmt::format("  {:<24} {}", entry.name, entry.summary));
}

/// What a configuration says it is for, or why it cannot be read.
std::string purpose_of(const fs::path& file) {
  try {
    return ConfigTree::load(file).string_at("why").value_or("");
  } catch (const Error& error) {
    return fmt::format("cannot be read: {}", error.what());
  }
}

void print_configs() {
  print("configs");
  for (const std::string& name : config_names()) print(fmt::format("  {:<24} {}", name, purpose_of(find_config(name))));
}

void print_tables() {
  print("tables");
  for (const std::string& name : table_names())
    print(fmt::format("  {:<24} {}", name, load_table(find_table(name)).title));
}

void add_list(CLI::App& app) {
  CLI::App* command = app.add_subcommand("list", "List worlds, agents, configurations and tables");
  command->footer("Example:\n  saccade list");
  command->callback([] {
    print_entries("worlds", envs::registry());
    print_entries("agents", agents::registry());
    print_configs();
    print_tables();
  });
}

/// As a shell would read it back.
std::string quoted(const std::string& argument) {
  const auto plain = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
           std::string_view("-_=./,:+@").find(c) != std::string::npos;
  };
  if (!argument.empty() && std::all_of(argument.begin(), argument.end(), plain)) return argument;
  std::string text = "'";
  for (const char c : argument) text += c == '\'' ? std::string(R"('\'')") : std::string(1, c);
  return text + "'";
}

std::string join_arguments(int argc, char** argv) {
  std::string line = "saccade";
  for (int i = 1; i < argc; ++i) line += " " + quoted(argv[i]);
  return line;
}

/// What is wrong with the arguments, in one sentence.
std::string usage_error(const CLI::App& app, const CLI::ParseError& error) {
  const std::vector<CLI::App*> used = app.get_subcommands();
  if (!used.empty())
    return fmt::format("{}: {}; see saccade {} --help", used[0]->get_name(), error.what(), used[0]->get_name());
  std::vector<std::string> commands;
  for (const CLI::App* command : app.get_subcommands(nullptr)) commands.push_back(command->get_name());
  const std::vector<std::string> words = app.remaining();
  if (words.empty()) return fmt::format("name a command: {}; see saccade --help", fmt::join(commands, ", "));
  const std::string hint = config::suggestion(words[0], commands);
  return fmt::format("{} is no command{}", words[0], hint.empty() ? "; see saccade --help" : hint);
}

int run_command(int argc, char** argv) {
  CLI::App app("Saccade: hard attention trained with REINFORCE, beside soft attention.");
  app.require_subcommand(1);
  app.set_version_flag("--version", fmt::format("saccade {} ({}{}, {})", build_info().version, build_info().commit,
                                                build_info().dirty ? ", modified" : "", build_info().architecture));
  const std::string line = join_arguments(argc, argv);
  RunCommand run;
  EvalCommand eval;
  ShowCommand show;
  SummaryCommand summary;
  TableCommand table;
  run.add(app, line);
  eval.add(app, line);
  show.add(app, line);
  summary.add(app);
  table.add(app, line);
  add_list(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() != 0) throw ConfigError(usage_error(app, error));
    app.exit(error);  // --help, --version
  }
  return 0;
}

/// Gives standard input, output and error something to refer to where the caller closed them, so that no file of a run
/// takes their numbers.
void open_standard_descriptors() {
  for (int descriptor = 0; descriptor <= STDERR_FILENO; ++descriptor) {
    if (::fcntl(descriptor, F_GETFD) == -1 && errno == EBADF) static_cast<void>(::open("/dev/null", O_RDWR));
  }
}

}  // namespace

int main(int argc, char** argv) {
  open_standard_descriptors();
  restart_with_best_blas_kernel(argv);
  std::signal(SIGXFSZ, SIG_IGN);  // so that a limit on the size of files is an error like a full disk,
  std::signal(SIGPIPE, SIG_IGN);  // and a reader that has gone is one as well
  try {
    return run_command(argc, argv);
  } catch (const Interrupted& error) {
    std::cerr << "saccade: " << error.what() << '\n';
    return 128 + stop_signal;
  } catch (const std::bad_alloc&) {
    std::cerr << "saccade: there is not enough memory for this; try smaller layers, patches or batches\n";
    return bad_input;
  } catch (const std::exception& error) {
    std::cerr << "saccade: " << error.what() << '\n';
    return bad_input;
  }
}
