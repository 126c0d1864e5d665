#include "experiments/commands/side_by_side.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <iostream>

#include "core/errors.hpp"
#include "experiments/commands/stop.hpp"
#include "experiments/commands/terminal.hpp"

namespace saccade::commands {
namespace {

using namespace experiments;
using Clock = std::chrono::steady_clock;

constexpr int interrupted_exit = 130;

/// What the jobs do: on a terminal lines that renew themselves, elsewhere a line for each about once a minute.
class JobsDisplay {
 public:
  explicit JobsDisplay(std::size_t count) : count_{count} {}

  void end(const JobState& state) {
    erase();
    if (state.exit_code == interrupted_exit) {
      print(fmt::format("cut short  {}", state.job->name));
    } else {
      print(fmt::format("{}  {}  {}", state.exit_code == 0 ? "finished" : "FAILED", state.job->name, state.last_line));
    }
  }

  void tick(const std::vector<JobState>& running, std::size_t ended) {
    if (terminal_) {
      erase();
      for (const JobState& state : running) std::cout << line(state, ended).substr(0, width) << '\n';
      std::cout << std::flush;
      open_lines_ = running.size();
    } else if (Clock::now() - shown_ > std::chrono::minutes(1)) {
      for (const JobState& state : running) print(line(state, ended));
      shown_ = Clock::now();
    }
  }

 private:
  static constexpr std::size_t width = 150;

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

std::string without_prefix(const std::string& line) {
  constexpr std::string_view prefix = "saccade: ";
  return line.starts_with(prefix) ? line.substr(prefix.size()) : line;
}

}  // namespace

void SideBySide::add(CLI::App& command) {
  command.add_option("--jobs", jobs, "runs side by side, each on its share of the cores")->check(CLI::Range(1, 1024));
  command.add_option("--budget", budget, "hours: stop then, to go on when the command is given again")
      ->check(CLI::Range(0.0, 1e6));
  command.add_option("--data", data,
                     "folder that holds mnist/ (default: $SACCADE_DATA, ./data, ~/.local/share/saccade)");
}

TrainingJobOptions SideBySide::job_options() const { return {"runs", threads_for(jobs), data, false}; }

std::vector<std::pair<std::string, std::string>> SideBySide::run(const std::vector<WantedRun>& wanted,
                                                                 const TrainingJobOptions& options) const {
  std::vector<Job> queue;
  for (const WantedRun& one : wanted) queue.push_back(training_job(one, options));
  JobsDisplay display(queue.size());
  std::vector<std::pair<std::string, std::string>> failures;
  JobOptions how;
  how.side_by_side = jobs;
  if (budget > 0) how.budget = std::chrono::duration<double>(budget * 3600);
  how.on_tick = [&](const std::vector<JobState>& running, std::size_t ended) { display.tick(running, ended); };
  how.on_end = [&](const JobState& state) {
    display.end(state);
    if (state.exit_code != 0 && state.exit_code != interrupted_exit) {
      failures.emplace_back(state.job->name, without_prefix(state.last_line));
    }
  };
  how.stop = [] { return stop_signal() != 0; };
  listen_for_stop();
  try {
    static_cast<void>(run_jobs(queue, how));
  } catch (const Interrupted&) {
    throw Interrupted("interrupted; the same command goes on where this one stopped");
  }
  return failures;
}

}  // namespace saccade::commands
