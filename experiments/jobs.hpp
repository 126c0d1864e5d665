#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

/// Commands of this program, each in a process of its own, several at a time.
namespace saccade::experiments {

/// One process: this program with other arguments.
struct Job {
  std::string name;                    ///< for people
  std::vector<std::string> arguments;  ///< without the program's own name
  std::filesystem::path log;           ///< what it prints; replaced when the job starts
  std::filesystem::path run = {};      ///< the folder of the run that it makes
};

/// How a job ended, or what it said last.
struct JobState {
  const Job* job = nullptr;
  bool running = false;
  int exit_code = 0;      ///< minus the number of the signal that ended it
  std::string last_line;  ///< of its log
  bool asked = false;     ///< to stop, before it ended

  /// Whether it stopped because it was asked to, so that it can go on.
  [[nodiscard]] bool was_cut_short() const;
  /// Why it failed, in words.
  [[nodiscard]] std::string reason() const;
};

struct JobOptions {
  std::size_t side_by_side = 1;
  /// After so long no job is started any more and those that run are asked to stop, as by Ctrl-C.
  std::optional<std::chrono::duration<double>> budget = {};
  std::function<void(const JobState&)> on_end = {};
  std::function<void(const std::vector<JobState>& running, std::size_t ended)> on_tick = {};  ///< twice a second
  std::function<bool()> stop = {};  ///< asked as often: whether to stop all and throw Interrupted
};

/// Runs jobs in their order and waits for them. A job that fails stops no other. The processes are asked to stop when
/// this one ends, however it ends; they are in process groups of their own, so that Ctrl-C reaches them through this
/// one alone. Waits for children must work: SIGCHLD must not be ignored.
/// @return  how each job ended, in the order of the jobs; those that the budget left no time for are absent
/// @throws Interrupted  when `stop` says so, after the jobs have ended
/// @throws IoError  if a log cannot be written or a process cannot be started
std::vector<JobState> run_jobs(const std::vector<Job>& jobs, const JobOptions& options);

}  // namespace saccade::experiments
