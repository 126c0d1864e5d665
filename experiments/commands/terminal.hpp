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

/// One line that renews itself on a terminal, and shows nothing elsewhere.
class StatusLine {
 public:
  StatusLine();
  void show(const std::string& text);
  /// Takes the line away, so that what comes next has its own.
  void close();

 private:
  bool terminal_;
  bool open_ = false;
};

/// The progress of a run: one line that renews itself on a terminal, a line an epoch elsewhere.
class ProgressLine {
 public:
  void show(const experiments::Progress& p);
  void close() { line_.close(); }

 private:
  StatusLine line_;
};

}  // namespace saccade::commands
