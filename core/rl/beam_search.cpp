#include "core/rl/beam_search.hpp"

#include <algorithm>
#include <cmath>

#include "core/errors.hpp"
#include "core/tensor/checks.hpp"

namespace saccade::rl {

BeamSearch::BeamSearch(std::size_t episodes, const BeamConfig& config)
    : config_{config}, parents_(episodes * config.width), actions_(episodes * config.width, config.end) {
  if (config.width == 0 || config.max_steps == 0) {
    throw ArgumentError("BeamSearch: the width and the number of steps must be at least 1");
  }
  episodes_.resize(episodes);
  for (Episode& episode : episodes_) episode.open.resize(1);
}

double BeamSearch::score(double log_prob, std::size_t length) const {
  return log_prob / std::pow(static_cast<double>(length), config_.length_power);
}

bool BeamSearch::done() const {
  return std::all_of(episodes_.begin(), episodes_.end(), [](const Episode& e) { return e.open.empty(); });
}

void BeamSearch::advance(const TensorView& log_probs) {
  check_rank("BeamSearch::advance", "log_probs", log_probs, 2);
  check_shape("BeamSearch::advance", "log_probs", log_probs, {parents_.size(), log_probs.dim(1)});
  ++steps_;
  for (std::size_t row = 0; row < parents_.size(); ++row) {
    parents_[row] = static_cast<std::int32_t>(row);
    actions_[row] = config_.end;
  }
  for (std::size_t e = 0; e < episodes_.size(); ++e) {
    if (!episodes_[e].open.empty()) advance(e, log_probs.rows(e * config_.width, config_.width));
  }
}

void BeamSearch::find_continuations(std::size_t episode, const TensorView& log_probs, std::size_t count) {
  continuations_.clear();
  const std::vector<Hypothesis>& open = episodes_[episode].open;
  const auto better = [](const Continuation& a, const Continuation& b) { return a.log_prob > b.log_prob; };
  for (std::size_t h = 0; h < open.size(); ++h) {
    for (std::size_t a = 0; a < log_probs.dim(1); ++a) {
      const double total = open[h].log_prob + static_cast<double>(log_probs(h, a));
      if (std::isnan(total)) throw NonFiniteError("BeamSearch: a log-probability is not a number");
      if (!std::isfinite(total)) continue;
      if (continuations_.size() == count && !(total > continuations_.back().log_prob)) continue;
      if (continuations_.size() == count) continuations_.pop_back();
      const Continuation found{total, h, static_cast<std::int32_t>(a)};
      continuations_.insert(std::upper_bound(continuations_.begin(), continuations_.end(), found, better), found);
    }
  }
  if (continuations_.empty()) throw NonFiniteError("BeamSearch: no action has a finite log-probability");
}

void BeamSearch::advance(std::size_t episode, const TensorView& log_probs) {
  Episode& e = episodes_[episode];
  find_continuations(episode, log_probs, config_.width - e.finished.size());
  std::vector<Hypothesis> open;
  for (const Continuation& c : continuations_) {
    const Hypothesis& parent = e.open[c.hypothesis];
    const std::size_t parent_row = episode * config_.width + c.hypothesis;
    Hypothesis next{parent.actions, parent.rows, c.log_prob};
    next.rows.push_back(parent_row);
    if (c.action == config_.end) {
      next.score = score(next.log_prob, next.actions.size() + 1);
      e.finished.push_back(std::move(next));
      continue;
    }
    const std::size_t row = episode * config_.width + open.size();
    parents_[row] = static_cast<std::int32_t>(parent_row);
    actions_[row] = c.action;
    next.actions.push_back(c.action);
    open.push_back(std::move(next));
  }
  e.open = std::move(open);
  if (steps_ < config_.max_steps) return;
  if (e.finished.empty()) {
    for (Hypothesis& h : e.open) h.score = score(h.log_prob, h.actions.size());
    e.finished = std::move(e.open);
  }
  e.open.clear();
}

const BeamSearch::Hypothesis& BeamSearch::answer(std::size_t episode) const {
  const Episode& e = episodes_[episode];
  const std::vector<Hypothesis>& from = e.finished.empty() ? e.open : e.finished;
  const auto worse = [](const Hypothesis& a, const Hypothesis& b) { return a.score < b.score; };
  return *std::max_element(from.begin(), from.end(), worse);
}

}  // namespace saccade::rl
