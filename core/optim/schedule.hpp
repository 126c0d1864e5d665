#pragma once

#include <string>
#include <utility>

#include "core/config/fields.hpp"

namespace saccade::optim {

/// Settings of the learning rate over training.
struct ScheduleConfig {
  std::string kind = "linear";
  double rate = 1e-3;     // initial learning rate
  double final_rate = 0;  // linear: reached at the end; exponential, plateau: never below
  double decay = 0.97;    // exponential: factor an epoch
  double factor = 0.5;    // plateau: factor after `patience` epochs without a better score
  std::size_t patience = 10;

  void describe(config::Fields& fields);
};

/// The learning rate as a function of how far training is, and, for "plateau", of the validation scores so far.
///
/// - "constant": rate
/// - "linear": rate + (final_rate - rate) progress
/// - "exponential": max(rate decay^epochs, final_rate), with epochs a real number
/// - "plateau": multiplied by `factor` whenever `patience` epochs in a row bring no lower score
class Schedule {
 public:
  explicit Schedule(ScheduleConfig config) : config_{std::move(config)} {}

  /// @param progress  steps done over all steps of the run, in [0, 1]
  /// @param epochs    epochs done, whole and part
  [[nodiscard]] double rate(double progress, double epochs) const;

  /// Tells the score of an epoch; lower is better.
  void observe(double score);

  /// The memory of "plateau", to be saved with a run.
  struct State {
    double best = 1e300;
    double scale = 1;
    double waited = 0;
  };
  [[nodiscard]] const State& state() const { return state_; }
  void set_state(const State& state) { state_ = state; }

 private:
  ScheduleConfig config_;
  State state_;
};

}  // namespace saccade::optim
