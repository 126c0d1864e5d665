#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <csignal>
#include <iostream>
#include <new>

#include "core/config/fields.hpp"
#include "core/errors.hpp"
#include "core/tensor/blas_kernel.hpp"
#include "experiments/build_info.hpp"
#include "experiments/commands/commands.hpp"
#include "experiments/commands/stop.hpp"

namespace {

using namespace saccade;

constexpr int bad_input = 2;

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

/// "data features" of saccade data features ...
std::string command_used(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command = &app; !command->get_subcommands().empty();) {
    command = command->get_subcommands().front();
    names.push_back(command->get_name());
  }
  return fmt::format("{}", fmt::join(names, " "));
}

/// What is wrong with the arguments, in one sentence.
std::string usage_error(const CLI::App& app, const CLI::ParseError& error) {
  const std::string used = command_used(app);
  if (!used.empty()) return fmt::format("{0}: {1}; see saccade {0} --help", used, error.what());
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
  const experiments::BuildInfo& build = experiments::build_info();
  app.set_version_flag("--version", fmt::format("saccade {} ({}{}, {})", build.version, build.commit,
                                                build.dirty ? ", modified" : "", build.architecture));
  const std::string line = join_arguments(argc, argv);
  commands::add_run(app, line);
  commands::add_eval(app, line);
  commands::add_show(app, line);
  commands::add_summary(app);
  commands::add_table(app);
  commands::add_sweep(app);
  commands::add_compare(app);
  commands::add_list(app);
  commands::add_data(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const bool asks_help_of_no_command = argc > 1 && argv[1][0] != '-' && app.get_subcommands().empty();
    if (error.get_exit_code() != 0 || asks_help_of_no_command) throw ConfigError(usage_error(app, error));
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
  std::signal(SIGCHLD, SIG_DFL);  // and processes of our own can be waited for, whatever the caller ignores
  std::signal(SIGPIPE, SIG_IGN);  // and a reader that has gone is one as well
  try {
    return run_command(argc, argv);
  } catch (const Interrupted& error) {
    std::cerr << "saccade: " << error.what() << '\n';
    return 128 + commands::stop_signal();
  } catch (const std::bad_alloc&) {
    std::cerr << "saccade: there is not enough memory for this; try smaller layers, patches or batches\n";
    return bad_input;
  } catch (const std::exception& error) {
    std::cerr << "saccade: " << error.what() << '\n';
    return bad_input;
  }
}
