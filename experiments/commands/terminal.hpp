#pragma once

#include <string>
#include <vector>

#include "experiments/run.hpp"

namespace saccade::commands {

/// Writes a line at once, also into a pipe. @throws IoError  if standard output is closed or full
void print(const std::string& text);

/// "42s", "3m07s", "2h05m".
[[nodiscard]] std::string duration_text(double seconds);

/// A line for each result: split, mode, error, interval over items.
void print_results(const std::vector<experiments::ModeResult>& results);

/// The progress of a run: one line that renews itself on a terminal, a line an epoch elsewhere.
class ProgressLine {
 public:
  ProgressLine();
  void show(const experiments::Progress& p);
  /// Ends a line that renews itself, so that what comes next has its own.
  void close();

 private:
  void finish_line();

  bool terminal_;
  bool open_ = false;
};

}  // namespace saccade::commands
