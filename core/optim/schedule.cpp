#include "core/optim/schedule.hpp"

#include <algorithm>
#include <cmath>

namespace saccade::optim {

void ScheduleConfig::describe(config::Fields& fields) {
  fields.add("kind", &kind, "course of the learning rate",
             config::one_of({"constant", "linear", "exponential", "plateau"}));
  fields.add("rate", &rate, "initial learning rate", config::above(0));
  fields
      .add("final_rate", &final_rate, "learning rate at the end (linear), or its least (exponential, plateau)",
           config::at_least(0))
      .only_with("kind", {"linear", "exponential", "plateau"});
  fields.add("decay", &decay, "factor an epoch", config::above(0).up_to(1)).only_with("kind", {"exponential"});
  fields.add("factor", &factor, "factor when the validation score stands still", config::above(0).up_to(1))
      .only_with("kind", {"plateau"});
  fields.add("patience", &patience, "epochs without a better validation score before that", config::at_least(1))
      .only_with("kind", {"plateau"});
}

double Schedule::rate(double progress, double epochs) const {
  if (config_.kind == "linear")
    return config_.rate + (config_.final_rate - config_.rate) * std::clamp(progress, 0.0, 1.0);
  if (config_.kind == "exponential")
    return std::max(config_.rate * std::pow(config_.decay, epochs), config_.final_rate);
  if (config_.kind == "plateau") return std::max(config_.rate * state_.scale, config_.final_rate);
  return config_.rate;
}

void Schedule::observe(double score) {
  if (score < state_.best) {
    state_.best = score;
    state_.waited = 0;
    return;
  }
  state_.waited += 1;
  if (state_.waited < static_cast<double>(config_.patience)) return;
  state_.scale *= config_.factor;
  state_.waited = 0;
}

}  // namespace saccade::optim
