#include "experiments/evaluate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>

#include "core/errors.hpp"
#include "experiments/attention_statistics.hpp"

namespace saccade::experiments {
namespace {

random::Purpose purpose_of(rl::Split split) {
  return split == rl::Split::test ? random::Purpose("evaluate test") : random::Purpose("evaluate validation");
}

/// What an episode adds to the result.
struct Score {
  bool wrong = false;
  double cross_entropy = 0;
  rl::Actions actions = {};
  AttentionSums attention = {};
  std::int32_t answer = -1;
};

/// log of the mean over samples of exp(log_probs[k]), for one episode whose rows follow one another.
double log_mean_exp(const TensorView& rows, std::size_t k) {
  auto largest = static_cast<double>(rows(0, k));
  for (std::size_t m = 1; m < rows.dim(0); ++m) largest = std::max(largest, static_cast<double>(rows(m, k)));
  double total = 0;
  for (std::size_t m = 0; m < rows.dim(0); ++m) total += std::exp(static_cast<double>(rows(m, k)) - largest);
  return largest + std::log(total / static_cast<double>(rows.dim(0)));
}

Score score_episode(const TensorView& rows, std::size_t target) {
  std::size_t best = 0;
  double best_value = log_mean_exp(rows, 0);
  double target_value = target == 0 ? best_value : 0;
  for (std::size_t k = 1; k < rows.dim(1); ++k) {
    const double value = log_mean_exp(rows, k);
    if (k == target) target_value = value;
    if (value > best_value) {
      best = k;
      best_value = value;
    }
  }
  return {best != target, -target_value, {}, {}, static_cast<std::int32_t>(best)};
}

/// The score of an episode on which the world's judge decides.
/// @param rows  where in the batch it stood at each step
Score judged_score(const Lane& lane, const rl::Judge& judge, const rl::EpisodeKey& key, const rl::Actions& actions,
                   std::span<const std::size_t> rows) {
  return {!judge.right(key.split, key.index, actions), 0, actions,
          attention_sums(lane.actor->readings(), rows, actions, &judge, key.split, key.index)};
}

/// Of an episode that was not searched for: the same row at each step, its end among them.
Score judged_score(const Lane& lane, const rl::Judge& judge, std::size_t row) {
  const rl::Actions& actions = lane.actions[row];
  const std::vector<std::size_t> rows(actions.size() + 1, row);
  return judged_score(lane, judge, lane.keys[row], actions, rows);
}

void search_chunk(Lane& lane, const rl::Environment& world, rl::Split split, const rl::EvaluationMode& mode,
                  std::uint64_t seed, std::size_t begin, std::span<Score> scores) {
  lane.keys.clear();
  for (std::size_t i = begin; i < begin + scores.size(); ++i)
    lane.keys.insert(lane.keys.end(), mode.beam, {split, i, i});
  const rl::EnvironmentSpec& spec = world.spec();
  lane.search({mode.decision, seed, purpose_of(split)},
              {mode.beam, spec.end_action.value(), mode.length_power, spec.max_steps});
  for (std::size_t i = 0; i < scores.size(); ++i) {
    scores[i] = judged_score(lane, *world.judge(), lane.keys[i * mode.beam], lane.actions[i], lane.rows[i]);
  }
}

/// @param scores  of the episodes begin, begin + 1, ...
void evaluate_chunk(Lane& lane, const rl::Environment& world, rl::Split split, const rl::EvaluationMode& mode,
                    std::uint64_t seed, std::size_t begin, std::span<Score> scores) {
  lane.keys.clear();
  for (std::size_t i = begin; i < begin + scores.size(); ++i) {
    for (std::size_t m = 0; m < mode.samples; ++m) lane.keys.push_back({split, i, i * mode.samples + m});
  }
  lane.play(Tape::Mode::infer, {mode.decision, seed, purpose_of(split)});
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const std::size_t row = i * mode.samples;
    if (world.judge() != nullptr) {
      scores[i] = judged_score(lane, *world.judge(), row);
      continue;
    }
    if (!world.spec().has_targets) {
      scores[i].wrong = lane.rewards[row] < static_cast<double>(world.spec().maximum_reward);
      continue;
    }
    const auto target = static_cast<std::size_t>(lane.last.target[row]);
    scores[i] = score_episode(lane.actor->action_log_probs().rows(row, mode.samples), target);
  }
}

void check_mode(const rl::Environment& world, const rl::EvaluationMode& mode) {
  const bool averages = world.spec().has_targets && world.judge() == nullptr;
  if (mode.samples > 1 && !averages) {
    throw ArgumentError(
        fmt::format("evaluate: {} names no right action whose probability could be averaged over {} samples",
                    world.spec().name, mode.samples));
  }
  if (mode.beam > 1 && (world.judge() == nullptr || !world.spec().end_action)) {
    throw ArgumentError(fmt::format("evaluate: in {} there are no sequences to search for", world.spec().name));
  }
}

void judge_all(const rl::Judge& judge, rl::Split split, std::vector<Score>& scores, EvaluationResult& total) {
  AttentionSums attention;
  for (Score& score : scores) {
    attention += score.attention;
    total.actions.push_back(std::move(score.actions));
  }
  total.measures = measures(judge, split, total.actions);
  total.attention = attention_report(attention);
  total.entropy_by_step = entropy_by_step(attention);
}

}  // namespace

Lane::Lane(const rl::Environment& environment, rl::Agent& agent)
    : tape{agent.parameters()},
      actor{agent.actor()},
      playing_{environment.episodes(), {}, {}},
      prepared_{environment.episodes(), {}, {}},
      environment_{&environment} {}

void Lane::Begun::begin(const std::vector<rl::EpisodeKey>& wanted) {
  fresh = false;
  first = episodes->reset(wanted);
  keys = wanted;
  fresh = true;
}

void Lane::prepare() { prepared_.begin(upcoming); }

void Lane::start(Tape::Mode mode, const rl::Policy& policy) {
  tape.begin(mode);
  actor->begin(tape, policy, keys);
  if (!playing_.fresh || playing_.keys != keys) playing_.begin(keys);
  playing_.fresh = false;
  last = playing_.first;
  rewards.assign(keys.size(), 0);
  running_.assign(keys.size(), 1);
  if (actions.size() < keys.size()) actions.resize(keys.size());
  for (rl::Actions& of_episode : actions) of_episode.clear();
}

void Lane::play(Tape::Mode mode, const rl::Policy& policy, const std::function<void(const rl::TimeStep&)>& watch) {
  start(mode, policy);
  if (watch) watch(last);
  while (last.kind != rl::StepKind::last) {
    const std::span<const std::int32_t> taken = actor->act(last);
    last = playing_.episodes->step(taken);
    actor->observe(last);
    add_rewards(taken);
    if (watch) watch(last);
  }
}

void Lane::search(const rl::Policy& policy, const rl::BeamConfig& beam) {
  start(Tape::Mode::infer, policy);
  const std::size_t episodes = keys.size() / beam.width;
  rl::BeamSearch search(episodes, beam);
  while (!search.done()) {
    actor->act(last);
    search.advance(actor->action_log_probs());
    actor->follow(search.parents(), search.actions());
  }
  rows.clear();
  for (std::size_t e = 0; e < episodes; ++e) {
    actions[e] = search.best(e);
    rows.push_back(search.best_rows(e));
  }
}

void Lane::add_rewards(std::span<const std::int32_t> taken) {
  for (std::size_t b = 0; b < rewards.size(); ++b) {
    if (running_[b] == 0) continue;
    rewards[b] += static_cast<double>(last.reward[b]);
    if (environment_->spec().end_action != taken[b]) actions[b].push_back(taken[b]);
    if (last.discount[b] == 0) running_[b] = 0;
  }
}

EvaluationResult evaluate(const rl::Environment& environment, rl::Agent& agent, rl::Split split,
                          const rl::EvaluationMode& mode, std::uint64_t seed, std::size_t chunk,
                          parallel::Workers& workers) {
  check_mode(environment, mode);
  const std::size_t size = environment.size(split);
  const std::size_t per_chunk = std::max<std::size_t>(chunk / (mode.samples * mode.beam), 1);
  const std::size_t chunks = (size + per_chunk - 1) / per_chunk;
  const std::size_t lanes = std::min(workers.threads(), chunks);
  std::vector<Score> scores(size);
  workers.for_each(lanes, [&](std::size_t first) {
    Lane lane(environment, agent);
    for (std::size_t c = first; c < chunks; c += lanes) {
      const std::size_t begin = c * per_chunk;
      const std::size_t count = std::min(per_chunk, size - begin);
      const auto play = mode.beam > 1 ? search_chunk : evaluate_chunk;
      play(lane, environment, split, mode, seed, begin, std::span(scores).subspan(begin, count));
    }
  });
  EvaluationResult total{size, 0};
  double cross_entropy = 0;
  for (const Score& score : scores) {  // in the order of the episodes, so that chunks do not show in the rounding
    total.wrong += score.wrong ? 1 : 0;
    total.outcomes.push_back({score.wrong, score.answer});
    cross_entropy += score.cross_entropy;
  }
  if (environment.judge() != nullptr) {
    judge_all(*environment.judge(), split, scores, total);
  } else if (environment.spec().has_targets) {
    total.cross_entropy = cross_entropy / static_cast<double>(std::max<std::size_t>(size, 1));
  }
  return total;
}

}  // namespace saccade::experiments
