#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/config/fields.hpp"
#include "core/parallel/workers.hpp"
#include "core/tensor/tensor.hpp"

namespace saccade::optim {

/// Settings of an optimiser.
struct OptimiserConfig {
  std::string kind = "adam";
  double momentum = 0.9;  // sgd, rmsprop
  double decay = 0.99;    // rmsprop: of the mean square
  double beta1 = 0.9;     // adam
  double beta2 = 0.999;   // adam
  double epsilon = 1e-8;  // rmsprop, adam

  void describe(config::Fields& fields);
};

/// A part of an optimiser's memory, to be saved with the parameters that it belongs to.
struct NamedState {
  std::string name;
  TensorView value;
};

/// Changes parameters along their gradient. One object belongs to one parameter array of a fixed size.
class Optimiser {
 public:
  virtual ~Optimiser() = default;

  /// One step. Elementwise, so the result does not depend on the number of workers.
  /// @param values     parameters, changed in place
  /// @param gradients  of the same size
  /// @param rate       learning rate of this step
  void step(parallel::Workers& workers, const TensorView& values, const TensorView& gradients, double rate);

  /// What must be saved to go on exactly, besides steps().
  [[nodiscard]] virtual std::vector<NamedState> state() = 0;
  /// Number of steps taken.
  [[nodiscard]] std::int64_t steps() const { return steps_; }
  void set_steps(std::int64_t steps) { steps_ = steps; }

 protected:
  virtual void update(std::size_t begin, std::size_t end, const TensorView& values, const TensorView& gradients,
                      double rate) = 0;

 private:
  std::int64_t steps_ = 0;
};

/// - "sgd": v <- momentum v + g;  x <- x - rate v
/// - "rmsprop": s <- decay s + (1 - decay) g^2;  v <- momentum v + g / (sqrt(s) + epsilon);  x <- x - rate v
///   (Tieleman and Hinton 2012)
/// - "adam": m <- beta1 m + (1 - beta1) g;  s <- beta2 s + (1 - beta2) g^2;
///   x <- x - rate (m / (1 - beta1^t)) / (sqrt(s / (1 - beta2^t)) + epsilon)   (Kingma and Ba 2015)
///
/// @param size  number of parameters, padding included
/// @throws ArgumentError  for another kind
[[nodiscard]] std::unique_ptr<Optimiser> make_optimiser(const OptimiserConfig& config, std::size_t size);

/// Scales gradients so that their norm is at most `limit`; 0 means no limit.
/// @return the norm before; not finite if a gradient is not, in which case nothing is changed
double clip_global_norm(parallel::Workers& workers, const TensorView& gradients, double limit);

}  // namespace saccade::optim
