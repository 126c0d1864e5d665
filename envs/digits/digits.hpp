#pragma once

#include "core/config/fields.hpp"
#include "core/parallel/workers.hpp"
#include "envs/images.hpp"

namespace saccade::envs {

/// Settings of the world "digits".
struct DigitsConfig {
  std::size_t train = 50000;
  std::size_t validation = 10000;
  std::size_t test = 10000;
  std::size_t seed = 0;
  double variation = 1;  ///< of the handwriting, see draw_digit; no setting of the world

  void describe(config::Fields& fields);
};

/// Handwritten-looking digits drawn by draw_digit, 28x28, in the sizes of MNIST. Needs no data. Image i of a split is a
/// function of (seed, split, i): its class is i mod 10, in an order that training shuffles.
[[nodiscard]] ImageSplits draw_digits(const DigitsConfig& config, parallel::Workers& workers);

}  // namespace saccade::envs
