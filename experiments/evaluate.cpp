#include "experiments/evaluate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace saccade::experiments {
namespace {

random::Purpose purpose_of(rl::Split split) {
  return split == rl::Split::test ? random::Purpose("evaluate test") : random::Purpose("evaluate validation");
}

/// log of the mean over samples of exp(log_probs[k]), for one episode whose rows follow one another.
double log_mean_exp(const TensorView& rows, std::size_t k) {
  double total = 0;
  for (std::size_t m = 0; m < rows.dim(0); ++m) total += std::exp(static_cast<double>(rows(m, k)));
  return std::log(total / static_cast<double>(rows.dim(0)));
}

void score_episode(const TensorView& rows, std::size_t target, EvaluationResult& result) {
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
  result.episodes += 1;
  result.wrong += best == target ? 0 : 1;
  result.cross_entropy -= target_value;
}

EvaluationResult evaluate_chunk(Lane& lane, rl::Split split, const EvaluationMode& mode, std::uint64_t seed,
                                std::size_t begin, std::size_t end) {
  lane.keys.clear();
  for (std::size_t i = begin; i < end; ++i) {
    for (std::size_t m = 0; m < mode.samples; ++m) lane.keys.push_back({split, i, i * mode.samples + m});
  }
  lane.play(Tape::Mode::infer, {mode.decision, seed, purpose_of(split)});
  EvaluationResult result;
  for (std::size_t i = 0; i < end - begin; ++i) {
    const std::size_t row = i * mode.samples;
    const auto target = static_cast<std::size_t>(lane.last.target[row]);
    score_episode(lane.actor->action_log_probs().rows(row, mode.samples), target, result);
  }
  return result;
}

}  // namespace

std::vector<EvaluationMode> evaluation_modes(std::size_t samples) {
  return {{"mean location", rl::Decision::mean, 1},
          {"one sample", rl::Decision::sample, 1},
          {fmt::format("{} samples averaged", samples), rl::Decision::sample, samples}};
}

Lane::Lane(const rl::Environment& environment, rl::Agent& agent)
    : tape{agent.parameters()}, episodes{environment.episodes()}, actor{agent.actor()} {}

void Lane::play(Tape::Mode mode, const rl::Policy& policy) {
  tape.begin(mode);
  actor->begin(tape, policy, keys);
  last = episodes->reset(keys);
  while (last.kind != rl::StepKind::last) {
    last = episodes->step(actor->act(last));
    actor->observe(last);
  }
}

EvaluationResult evaluate(const rl::Environment& environment, rl::Agent& agent, rl::Split split,
                          const EvaluationMode& mode, std::uint64_t seed, std::size_t chunk,
                          parallel::Workers& workers) {
  const std::size_t size = environment.size(split);
  const std::size_t per_chunk = std::max<std::size_t>(chunk / mode.samples, 1);
  const std::size_t chunks = (size + per_chunk - 1) / per_chunk;
  const std::size_t lanes = std::min(workers.threads(), chunks);
  std::vector<EvaluationResult> results(chunks);
  workers.for_each(lanes, [&](std::size_t first) {
    Lane lane(environment, agent);
    for (std::size_t c = first; c < chunks; c += lanes) {
      results[c] = evaluate_chunk(lane, split, mode, seed, c * per_chunk, std::min(size, (c + 1) * per_chunk));
    }
  });
  EvaluationResult total;
  for (const EvaluationResult& result : results) {
    total.episodes += result.episodes;
    total.wrong += result.wrong;
    total.cross_entropy += result.cross_entropy;
  }
  total.cross_entropy /= static_cast<double>(std::max<std::size_t>(total.episodes, 1));
  return total;
}

}  // namespace saccade::experiments
