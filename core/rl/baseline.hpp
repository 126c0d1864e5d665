#pragma once

namespace saccade::rl {

/// Baseline that is one number, the moving average of past returns: b <- decay b + (1 - decay) mean return. Update it
/// after the advantages of a batch were taken, so that it never contains the reward that it is subtracted from.
class MovingAverage {
 public:
  explicit MovingAverage(double decay = 0.9) : decay_{decay} {}

  [[nodiscard]] double value() const { return value_; }
  void update(double mean_return) { value_ = decay_ * value_ + (1 - decay_) * mean_return; }
  /// The number itself, to be saved with a run.
  [[nodiscard]] double* state() { return &value_; }

 private:
  double decay_;
  double value_ = 0;
};

}  // namespace saccade::rl
