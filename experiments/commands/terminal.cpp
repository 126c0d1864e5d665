#include "experiments/commands/terminal.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cmath>
#include <iostream>

#include "core/errors.hpp"

namespace saccade::commands {
namespace {

using experiments::EvaluationResult;
using experiments::ModeResult;
using experiments::Progress;

std::size_t epoch_of(const Progress& p) { return p.validation_error ? p.epoch : p.epoch + 1; }

/// Half the width of the 95 % interval of an error rate over n test items (normal approximation).
double half_interval(const EvaluationResult& r) {
  return 1.96 * std::sqrt(r.error() * (1 - r.error()) / static_cast<double>(r.episodes));
}

}  // namespace

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

void print_results(const std::vector<ModeResult>& results) {
  for (const ModeResult& r : results) {
    print(fmt::format("{:<10}  {:<32}  error {:6.2f} % +- {:.2f}  ({} of {} wrong, 95 % interval over items)", r.split,
                      r.mode, 100 * r.result.error(), 100 * half_interval(r.result), r.result.wrong,
                      r.result.episodes));
  }
}

ProgressLine::ProgressLine() : terminal_{::isatty(STDOUT_FILENO) != 0} {}

void ProgressLine::show(const Progress& p) {
  const std::string text =
      fmt::format("epoch {:>3}/{}  {:3.0f}%  {:>6.0f} images/s  train error {:5.2f} %  left {}", epoch_of(p), p.epochs,
                  100 * p.fraction, p.images_per_second, 100 * p.train_error, duration_text(p.seconds_left));
  if (p.validation_error) {
    finish_line();
    print(text + fmt::format("  validation error {:.2f} %", 100 * *p.validation_error));
  } else if (terminal_) {
    std::cout << "\r\033[K" << text << std::flush;
    open_ = true;
  }
}

void ProgressLine::close() {
  finish_line();
  std::cout << std::flush;
}

void ProgressLine::finish_line() {
  if (open_) std::cout << "\r\033[K";
  open_ = false;
}

}  // namespace saccade::commands
