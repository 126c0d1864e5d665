#include "agents/ram/config.hpp"

namespace saccade::agents {

void RamConfig::describe(config::Fields& fields) {
  fields.add("glimpses", &glimpses, "number of glimpses T before each action, the first included",
             config::range(1, 1000));
  config::Fields& glimpse = fields.group("glimpse");
  glimpse.add("size", &glimpse_size, "width and height of a patch, pixels", config::range(1, 1024));
  glimpse.add("scales", &glimpse_scales, "number of patches k, each twice as wide as the one before",
              config::range(1, 8));
  glimpse.add("gain", &glimpse_gain, "factor on the pixels that h_g reads, for screens that are mostly dark",
              config::above(0));
  glimpse.add("what_hidden", &what_hidden, "units of h_g, which reads the patches", config::range(1, 65536));
  glimpse.add("where_hidden", &where_hidden, "units of h_l, which reads the location", config::range(1, 65536));
  glimpse.add("features", &glimpse_features, "units of g, which joins both", config::range(1, 65536));
  fields.add("core", &core, "recurrent core: rectifiers or LSTM", config::one_of({"rnn", "lstm"}));
  fields.add("hidden", &hidden, "units of the core", config::range(1, 65536));
  fields.add("locations", &locations, "learned policy, or a control: uniformly random, or always the centre",
             config::one_of({"learned", "random", "centre"}));
  fields
      .add("first_location", &first_location, "where the first glimpse falls",
           config::one_of({"random", "learned", "centre"}))
      .only_with("locations", {"learned"});
  fields
      .add("location_std", &location_std, "standard deviation of the location policy, image half-widths",
           config::above(0).up_to(2))
      .only_with("locations", {"learned"});
  fields
      .add("location_mean", &location_mean, "mean of the policy from its linear layer: tanh of it, or as it is",
           config::one_of({"tanh", "linear"}))
      .only_with("locations", {"learned"});
  fields.add("random_range", &random_range, "random places are uniform in a square of so many image half-widths",
             config::above(0).up_to(1));
  fields.add(
      "reward", &reward,
      "what REINFORCE learns from: the outcome, 1 if the class was right and else 0; or the probability that the "
      "network gave the right class, the expected outcome if its answer were drawn",
      config::one_of({"outcome", "probability"}));
  fields.add("rollouts", &rollouts, "roll-outs M of each image in a training batch", config::range(1, 1000));
  fields.add("baseline", &baseline, "what is subtracted from the reward",
             config::one_of({"none", "moving_average", "learned"}));
  fields
      .add("baseline_decay", &baseline_decay, "share of the moving average that a step keeps",
           config::at_least(0).below(1))
      .only_with("baseline", {"moving_average"});
  fields
      .add("policy_coefficient", &policy_coefficient,
           "weight of the REINFORCE loss of locations (sum over decisions, mean over episodes)", config::at_least(0))
      .only_with("locations", {"learned"});
  fields
      .add("baseline_coefficient", &baseline_coefficient,
           "weight of the squared error of the learned baseline (same reduction)", config::at_least(0))
      .only_with("baseline", {"learned"});
  fields.add("entropy_coefficient", &entropy_coefficient,
             "weight of the entropy of actions, subtracted from the loss at every step; only where actions have no "
             "right answer",
             config::at_least(0));
  fields.add("discount", &discount, "factor on later rewards, a step of the world, beside the world's own",
             config::above(0).up_to(1));
  fields
      .add("policy_gradient_into_core", &policy_gradient_into_core,
           "whether REINFORCE of locations also trains the core and the glimpse network")
      .only_with("locations", {"learned"});
}

}  // namespace saccade::agents
