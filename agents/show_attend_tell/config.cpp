#include "agents/show_attend_tell/config.hpp"

namespace saccade::agents {

void ShowAttendTellConfig::describe(config::Fields& fields) {
  const std::vector<std::string> attending{"soft", "hard", "marginal"};
  fields.add("attention", &attention,
             "how a word reads the annotations: their expectation (soft), one that is drawn (hard, by REINFORCE), the "
             "exact sum over all of them (marginal); or a control: one that is drawn uniformly, or their mean",
             config::one_of({"soft", "hard", "marginal", "uniform", "mean"}));
  config::Fields& encoder_fields = fields.group("encoder");
  encoder_fields.add("kind", &encoder, "none: each cell of the observation is an annotation; or layers of filters",
                     config::one_of({"none", "convolutional"}));
  encoder_fields.add("filters", &encoder_filters, "of each layer", config::range(1, 65536))
      .only_with("kind", {"convolutional"});
  encoder_fields
      .add("strides", &encoder_strides, "s of each layer, pixels; its filters see (s + 2) x (s + 2)",
           config::range(1, 16))
      .only_with("kind", {"convolutional"});
  encoder_fields.add("gain", &encoder_gain, "factor on the observation, for images that are mostly dark",
                     config::above(0));
  fields.add("embedding", &embedding, "size of a word's vector, m", config::range(1, 65536));
  fields.add("hidden", &hidden, "units of the LSTM, n", config::range(1, 65536));
  fields.add("attention_hidden", &attention_hidden, "units of f_att, which scores the places", config::range(1, 65536))
      .only_with("attention", attending);
  fields.add("gate", &gate, "whether the context is multiplied by beta, a gate that the state sets");
  fields.add("dropout", &dropout, "probability of a zero before and after the hidden layer of the output",
             config::range(0, 1).below(1));
  fields
      .add("doubly_stochastic_coefficient", &doubly_stochastic_coefficient,
           "weight of the penalty that asks attention to look everywhere equally often", config::at_least(0))
      .only_with("attention", attending);
  fields
      .add("policy_coefficient", &policy_coefficient,
           "weight of the REINFORCE loss (sum over words, mean over captions)", config::at_least(0))
      .only_with("attention", {"hard"});
  fields
      .add("entropy_coefficient", &entropy_coefficient, "weight of the attention's entropy (the same)",
           config::at_least(0))
      .only_with("attention", {"hard"});
  fields
      .add("expected_share", &expected_share,
           "share of training captions whose context is the expected one, drawn for each roll-out", config::range(0, 1))
      .only_with("attention", {"hard", "uniform"});
  fields
      .add("reward", &reward,
           "log-probabilities that a place is rewarded with: of its word, of this word and the rest, or of the "
           "whole sentence",
           config::one_of({"word", "rest", "sentence"}))
      .only_with("attention", {"hard"});
  fields
      .add("baseline", &baseline,
           "what is subtracted from the log-probability of each word: nothing, its moving average, what the "
           "likeliest places would have given, or the mean of the other roll-outs",
           config::one_of({"none", "moving_average", "self_critical", "leave_one_out"}))
      .only_with("attention", {"hard"});
  fields
      .add("baseline_decay", &baseline_decay, "share of the moving average that a step keeps",
           config::at_least(0).below(1))
      .only_with("attention", {"hard"})
      .only_with("baseline", {"moving_average"});
  fields.add("rollouts", &rollouts, "roll-outs K of each caption in a training batch", config::range(1, 1000));
}

}  // namespace saccade::agents
