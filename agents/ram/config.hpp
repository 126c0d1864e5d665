#pragma once

#include <string>

#include "core/config/fields.hpp"

namespace saccade::agents {

/// Settings of the recurrent attention model. Defaults are the paper's where it names a value, but for the mean of the
/// locations, which the paper has linear.
struct RamConfig {
  std::size_t glimpses = 6;               // T, the first included
  std::size_t glimpse_size = 8;           // g, pixels
  std::size_t glimpse_scales = 1;         // k
  double glimpse_gain = 1;                // on the pixels that h_g reads
  std::string core = "rnn";               // rnn | lstm
  std::size_t hidden = 256;               // units of the core
  std::size_t what_hidden = 128;          // dim h_g
  std::size_t where_hidden = 128;         // dim h_l
  std::size_t glimpse_features = 256;     // dim g
  std::string locations = "learned";      // learned | random | centre
  std::string first_location = "random";  // random | learned | centre
  double location_std = 0.1;              // of the Gaussian policy, in [-1, 1] image coordinates
  std::string location_mean = "tanh";     // tanh | linear
  double random_range = 1;                // of random places, from the centre
  std::string reward = "outcome";         // what REINFORCE learns from: outcome | probability
  std::size_t rollouts = 1;               // M
  std::string baseline = "learned";       // none | moving_average | learned
  double baseline_decay = 0.9;            // of the moving average, a step
  double policy_coefficient = 1;
  double baseline_coefficient = 1;
  double entropy_coefficient = 0;  // of action policies; needs a world without right answers
  double discount = 1;             // of later rewards, a step; the same
  bool policy_gradient_into_core = false;

  void describe(config::Fields& fields);
};

}  // namespace saccade::agents
