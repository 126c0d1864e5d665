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

std::size_t epoch_of(const Progress& p) { return p.validation ? p.epoch : p.epoch + 1; }

/// The 95 % interval of an error rate over n test items (Wilson 1927), which says something of 0 and 100 % too.
std::string interval_text(const EvaluationResult& r) {
  constexpr double z = 1.96;
  const auto n = static_cast<double>(r.episodes);
  const double p = r.error();
  const double middle = p + z * z / (2 * n), half = z * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
  const double scale = 100 / (1 + z * z / n);
  return fmt::format("[{:.2f}, {:.2f}]", scale * (middle - half), scale * (middle + half));
}

std::string validation_text(const experiments::Trainer::Validation& validation) {
  if (validation.measures.empty()) return fmt::format("error {:.2f} %", 100 * validation.error);
  const auto& [name, value] = validation.measures.front();
  return fmt::format("{} {:.2f} %", name, 100 * value);
}

void print_measures(const ModeResult& r) {
  print(fmt::format("{:<10}  {}", r.split, r.mode));
  for (const rl::Report& report : {r.result.measures, r.result.attention}) {
    for (const auto& [name, value] : report) print(fmt::format("    {:<24} {:8.4f}", name, value));
  }
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
    if (!r.result.measures.empty()) {
      print_measures(r);
      continue;
    }
    print(fmt::format("{:<10}  {:<32}  error {:6.2f} %  {}  ({} of {} wrong, 95 % interval over items)", r.split,
                      r.mode, 100 * r.result.error(), interval_text(r.result), r.result.wrong, r.result.episodes));
  }
}

StatusLine::StatusLine() : terminal_{::isatty(STDOUT_FILENO) != 0} {}

void StatusLine::show(const std::string& text) {
  if (!terminal_) return;
  std::cout << "\r\033[K" << text << std::flush;
  open_ = true;
}

void StatusLine::close() {
  if (open_) std::cout << "\r\033[K" << std::flush;
  open_ = false;
}

void ProgressLine::show(const Progress& p) {
  const std::string text =
      fmt::format("epoch {:>3}/{}  {:3.0f}%  {:>6.0f} images/s  train error {:5.2f} %  left {}", epoch_of(p), p.epochs,
                  100 * p.fraction, p.images_per_second, 100 * p.train_error, duration_text(p.seconds_left));
  if (p.validation) {
    line_.close();
    print(text + "  validation " + validation_text(*p.validation));
  } else {
    line_.show(text);
  }
}

}  // namespace saccade::commands
