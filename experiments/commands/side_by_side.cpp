#include "experiments/commands/side_by_side.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <iostream>
#include <optional>

#include "core/errors.hpp"
#include "experiments/commands/common.hpp"
#include "experiments/commands/stop.hpp"
#include "experiments/commands/terminal.hpp"
#include "experiments/run_result.hpp"
#include "experiments/text.hpp"

namespace saccade::commands {
namespace {

using namespace experiments;
using Clock = std::chrono::steady_clock;

/// An empty answer allows it.
std::string above_zero(const std::string& hours) {
  const std::optional<double> number = number_in(hours);
  return number && std::isfinite(*number) && *number > 0 ? "" : fmt::format("must be above 0 hours, got {}", hours);
}

std::size_t terminal_width() {
  winsize size{};
  const bool known = ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1;
  return known ? size.ws_col : 80;
}

/// What the jobs do: on a terminal lines that renew themselves, elsewhere a line for each about once a minute.
class JobsDisplay {
 public:
  explicit JobsDisplay(std::size_t count) : count_{count} {}

  void end(const JobState& state) {
    erase();
    if (state.exit_code == 0) {
      print(fmt::format("finished  {}  {}", state.job->name, outcome_of(RunDirectory::open(state.job->run))));
    } else if (state.was_cut_short()) {
      print(fmt::format("cut short  {}", state.job->name));
    } else {
      print(fmt::format("FAILED  {}  {}", state.job->name, state.reason()));
    }
  }

  void tick(const std::vector<JobState>& running, std::size_t ended) {
    if (terminal_) {
      erase();
      for (const JobState& state : running) std::cout << line(state, ended).substr(0, terminal_width() - 1) << '\n';
      std::cout << std::flush;
      open_lines_ = running.size();
    } else if (Clock::now() - shown_ > std::chrono::minutes(1)) {
      for (const JobState& state : running) print(line(state, ended));
      shown_ = Clock::now();
    }
  }

 private:
  [[nodiscard]] std::string line(const JobState& state, std::size_t ended) const {
    return fmt::format("[{} of {} done]  {}  {}", ended, count_, state.job->name, state.last_line);
  }
  void erase() {
    for (; open_lines_ > 0; --open_lines_) std::cout << "\033[A\r\033[K";
  }

  std::size_t count_;
  std::size_t open_lines_ = 0;
  bool terminal_ = ::isatty(STDOUT_FILENO) != 0;
  Clock::time_point shown_ = Clock::now();
};

}  // namespace

void SideBySide::add(CLI::App& command) {
  command.add_option("--jobs", jobs, "runs side by side, each on its share of the cores (default: 1)")
      ->check(CLI::Range(1, 1024));
  command.add_option("--threads", threads, "threads of each run (default: its share of the cores)")
      ->check(CLI::Range(1, 1024));
  command
      .add_option("--budget", budget, "hours: stop then, to go on when the command is given again (default: no limit)")
      ->check(CLI::Validator(above_zero, "HOURS above 0"));
  command.add_option("--data", data, data_option_help);
}

TrainingJobOptions SideBySide::job_options() const {
  return {"runs", threads > 0 ? threads : threads_for(jobs), data, false};
}

Failures SideBySide::run(const std::vector<WantedRun>& wanted, const TrainingJobOptions& options) const {
  const std::vector<Job> queue = training_jobs(wanted, options);
  JobsDisplay display(queue.size());
  Failures failures;
  JobOptions how;
  how.side_by_side = jobs;
  if (budget > 0) how.budget = std::chrono::duration<double>(budget * 3600);
  how.on_tick = [&](const std::vector<JobState>& running, std::size_t ended) { display.tick(running, ended); };
  how.on_end = [&](const JobState& state) {
    display.end(state);
    if (state.exit_code != 0 && !state.was_cut_short()) failures.emplace_back(state.job->name, state.reason());
  };
  how.stop = [] { return stop_signal() != 0; };
  listen_for_stop();
  try {
    const std::vector<JobState> ends = run_jobs(queue, how);
    const auto cut_short = [](const JobState& state) { return state.was_cut_short(); };
    if (ends.size() < queue.size() || std::any_of(ends.begin(), ends.end(), cut_short)) {
      print("the budget is spent; the same command goes on where this one stopped");
    }
  } catch (const Interrupted&) {
    throw Interrupted("interrupted; the same command goes on where this one stopped");
  }
  return failures;
}

void throw_if_any(const Failures& failures) {
  if (failures.empty()) return;
  throw Error(fmt::format("{} run{} failed, the first one, {}: {}", failures.size(), failures.size() == 1 ? "" : "s",
                          failures.front().first, failures.front().second));
}

}  // namespace saccade::commands
