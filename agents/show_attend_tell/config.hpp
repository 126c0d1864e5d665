#pragma once

#include <string>
#include <vector>

#include "core/config/fields.hpp"

namespace saccade::agents {

/// Settings of Show, Attend and Tell. All kinds of attention share them; what is of hard attention alone says so.
struct ShowAttendTellConfig {
  std::string attention = "soft";  // soft | hard | marginal | uniform | mean
  std::string encoder = "none";    // none | convolutional
  std::vector<std::int64_t> encoder_filters{16, 32, 64, 128};
  std::vector<std::int64_t> encoder_strides{2, 2, 1, 2};
  double encoder_gain = 1;             // on the observation
  std::size_t embedding = 512;         // m
  std::size_t hidden = 512;            // n, units of the LSTM
  std::size_t attention_hidden = 512;  // units of f_att
  bool gate = true;                    // beta_t
  double dropout = 0.5;
  double doubly_stochastic_coefficient = 1;  // lambda
  double expected_share = 0.5;               // hard, uniform: of captions that are trained with the expected context
  // hard:
  double policy_coefficient = 1;            // lambda_r
  double entropy_coefficient = 0;           // lambda_e
  std::string reward = "rest";              // word | rest | sentence
  std::string baseline = "moving_average";  // none | moving_average | self_critical | leave_one_out
  double baseline_decay = 0.9;
  std::size_t rollouts = 1;  // K

  void describe(config::Fields& fields);
};

}  // namespace saccade::agents
