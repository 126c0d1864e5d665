#pragma once

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/catch.hpp"
#include "tests/support/messages.hpp"
#include "tests/support/temp_folder.hpp"

/// The command `saccade` as a process of its own. Needs the definition SACCADE_COMMAND, its path.
namespace saccade::tests {

using Arguments = std::vector<std::string>;

/// Starts the command in the folder `there`, with its two outputs in files of another one.
inline pid_t start(const TempFolder& folder, Arguments arguments, const std::filesystem::path& there = ".") {
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addchdir_np(&actions, there.c_str());
  for (const auto& [descriptor, name] : {std::pair(1, "stdout"), std::pair(2, "stderr")}) {
    ::posix_spawn_file_actions_addopen(&actions, descriptor, (folder / name).c_str(), O_WRONLY | O_CREAT | O_TRUNC,
                                       0600);
  }
  arguments.insert(arguments.begin(), "saccade");
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  pid_t process = 0;
  const int error = ::posix_spawn(&process, SACCADE_COMMAND, &actions, nullptr, argv.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (error != 0) throw std::runtime_error("cannot start " SACCADE_COMMAND);
  return process;
}

/// Exit code, or minus the signal that ended it.
inline int wait_for(pid_t process) {
  int status = 0;
  ::waitpid(process, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

struct Outcome {
  int code;
  std::string out;
  std::string error;
};

/// Runs the command to its end.
inline Outcome run_command(const TempFolder& outputs, const Arguments& arguments,
                           const std::filesystem::path& there = ".") {
  const int code = wait_for(start(outputs, arguments, there));
  return {code, outputs.read("stdout"), outputs.read("stderr")};
}

/// What makes an outcome bad input as it should be: code 2 and one sentence that holds the part.
inline bool refused(const Outcome& outcome, const std::string& part) {
  INFO(outcome.error);
  CHECK(outcome.code == 2);
  CHECK(outcome.error.starts_with("saccade: "));
  CHECK(std::count(outcome.error.begin(), outcome.error.end(), '\n') == 1);
  CHECK(has(outcome.error, part));
  return outcome.code == 2 && has(outcome.error, part);
}

}  // namespace saccade::tests
