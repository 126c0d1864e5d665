#include "experiments/jobs.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <fstream>
#include <system_error>
#include <thread>
#include <utility>

#include "core/errors.hpp"
#include "core/io/file.hpp"

namespace saccade::experiments {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int cannot_execute = 127;

/// The last line of a log that is not empty; only its end is read.
std::string last_line(const std::filesystem::path& log) {
  constexpr std::streamoff tail = 4096;
  std::ifstream file(log, std::ios::ate);
  file.seekg(-std::min<std::streamoff>(file.tellg(), tail), std::ios::end);
  std::string last;
  for (std::string line; std::getline(file, line);) {
    if (!line.empty()) last = line;
  }
  return last;
}

/// A process that runs a job.
class Process {
 public:
  explicit Process(const Job& job) : job_{&job}, process_{start(job)} {}
  Process(Process&& other) noexcept : job_{other.job_}, process_{std::exchange(other.process_, -1)} {}
  Process& operator=(Process&& other) noexcept {
    std::swap(job_, other.job_);
    std::swap(process_, other.process_);
    return *this;
  }
  ~Process() {
    if (process_ < 0) return;
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
  }

  void ask_to_stop() const { ::kill(process_, SIGINT); }

  /// @return  its end, once it has ended
  std::optional<JobState> poll() {
    int status = 0;
    const pid_t ended = ::waitpid(process_, &status, WNOHANG);
    if (ended == 0) return std::nullopt;
    if (ended < 0) status = cannot_execute << 8;  // somebody else has waited for it
    process_ = -1;
    return JobState{job_, false, WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status), last_line(job_->log)};
  }
  [[nodiscard]] JobState state() const { return {job_, true, 0, last_line(job_->log)}; }

 private:
  static pid_t start(const Job& job) {
    const int output = open_log(job.log);
    std::vector<std::string> words{"saccade"};
    words.insert(words.end(), job.arguments.begin(), job.arguments.end());
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    const pid_t parent = ::getpid();
    const pid_t process = ::fork();
    if (process == 0) become(parent, output, argv.data());
    const int reason = errno;
    ::close(output);
    if (process < 0) throw IoError(fmt::format("cannot start a process: {}", std::generic_category().message(reason)));
    return process;
  }

  static int open_log(const std::filesystem::path& log) {
    std::error_code ignored;  // what cannot be made is told when the log is written
    std::filesystem::create_directories(log.parent_path(), ignored);
    io::write_atomically(log, "");
    const int file = ::open(log.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
    if (file >= 0) return file;
    throw IoError(fmt::format("{}: cannot be written: {}", log.string(), std::generic_category().message(errno)));
  }

  /// In the new process.
  [[noreturn]] static void become(pid_t parent, int output, char** argv) {
    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGINT);
    if (::getppid() != parent) ::_exit(cannot_execute);  // it died before it could be watched
    const int nothing = ::open("/dev/null", O_RDONLY);
    ::dup2(nothing, STDIN_FILENO);
    ::dup2(output, STDOUT_FILENO);
    ::dup2(output, STDERR_FILENO);
    ::signal(SIGINT, SIG_DFL);
    ::signal(SIGTERM, SIG_DFL);
    ::execv("/proc/self/exe", argv);
    ::_exit(cannot_execute);
  }

  const Job* job_;
  pid_t process_;
};

/// The jobs on their way.
class Queue {
 public:
  Queue(const std::vector<Job>& jobs, const JobOptions& options) : jobs_{&jobs}, options_{&options} {}

  Queue(const Queue&) = delete;
  Queue& operator=(const Queue&) = delete;
  /// After an error the jobs get some time to stop in order.
  ~Queue() {
    for (const Process& process : processes_) process.ask_to_stop();
    for (int i = 0; i < 500 && !processes_.empty(); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      poll();
    }
  }

  std::vector<JobState> run() {
    while (goes_on()) {
      while (may_start()) processes_.emplace_back((*jobs_)[next_++]);
      wait();
      collect();
      stop_if_asked();
      tick();
    }
    if (interrupted_) throw Interrupted("interrupted");
    std::sort(ended_.begin(), ended_.end(), [](const JobState& a, const JobState& b) { return a.job < b.job; });
    return std::move(ended_);
  }

 private:
  [[nodiscard]] bool goes_on() const { return !processes_.empty() || (!stopping_ && next_ < jobs_->size()); }
  [[nodiscard]] bool may_start() const {
    return !stopping_ && next_ < jobs_->size() && processes_.size() < std::max<std::size_t>(options_->side_by_side, 1);
  }

  /// Half a second, or less if a job ends.
  void wait() {
    for (int i = 0; i < 25 && ended_.size() == collected_; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      poll();
      if (!interrupted_ && options_->stop && options_->stop()) return;
    }
  }

  void poll() {
    for (auto process = processes_.begin(); process != processes_.end();) {
      std::optional<JobState> end = process->poll();
      if (end) {
        end->asked = stopping_;
        ended_.push_back(std::move(*end));
      }
      process = end ? processes_.erase(process) : process + 1;
    }
  }

  void collect() {
    for (; collected_ < ended_.size(); ++collected_) {
      if (options_->on_end) options_->on_end(ended_[collected_]);
    }
  }

  void stop_if_asked() {
    const bool over = options_->budget && Clock::now() - start_ >= *options_->budget;
    const bool asked = options_->stop && options_->stop();
    interrupted_ = interrupted_ || asked;
    if (stopping_ || (!over && !asked)) return;
    stopping_ = true;
    for (const Process& process : processes_) process.ask_to_stop();
  }

  void tick() const {
    if (!options_->on_tick) return;
    std::vector<JobState> running;
    for (const Process& process : processes_) running.push_back(process.state());
    options_->on_tick(running, ended_.size());
  }

  const std::vector<Job>* jobs_;
  const JobOptions* options_;
  std::vector<Process> processes_;
  std::vector<JobState> ended_;
  std::size_t collected_ = 0;
  std::size_t next_ = 0;
  bool stopping_ = false;
  bool interrupted_ = false;
  Clock::time_point start_ = Clock::now();
};

}  // namespace

bool JobState::was_cut_short() const {
  constexpr int by_shell = 128;
  const auto is = [&](int signal) { return exit_code == -signal || exit_code == by_shell + signal; };
  return asked && (is(SIGINT) || is(SIGTERM));
}

std::string JobState::reason() const {
  if (exit_code < 0) return fmt::format("killed by signal {}", -exit_code);
  constexpr std::string_view prefix = "saccade: ";
  return last_line.starts_with(prefix) ? last_line.substr(prefix.size()) : last_line;
}

std::vector<JobState> run_jobs(const std::vector<Job>& jobs, const JobOptions& options) {
  return Queue(jobs, options).run();
}

}  // namespace saccade::experiments
