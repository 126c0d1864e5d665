#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/autograd/tape.hpp"
#include "core/random/stream.hpp"
#include "core/rl/environment.hpp"
#include "core/rl/report.hpp"

/// What a trainer can rely on of an agent. The agent owns parameters; an Actor is what one thread needs to take a batch
/// of episodes through them:
///
///     actor.begin(tape, policy, keys);
///     TimeStep now = episodes.reset(keys);
///     while (now.kind != StepKind::last) {
///       now = episodes.step(actor.act(now));
///       actor.observe(now);
///     }
///     tape.backward(actor.loss(batch));
namespace saccade::rl {

/// How an agent decides where its policies are random.
enum class Decision {
  sample,  ///< draw from the policy
  mean,    ///< the policy's mean (a location, an expected context) and its most probable action
  mode     ///< what is most probable throughout
};

/// A way to test an agent; its name stands beside every number that it gives.
struct EvaluationMode {
  std::string name;  ///< "mean location", "one sample", "10 samples averaged"
  Decision decision = Decision::mean;
  std::size_t samples = 1;  ///< action probabilities are averaged over so many roll-outs
  std::size_t beam = 1;     ///< sequences of actions are searched with so many hypotheses side by side; see BeamSearch
  double length_power = 1;  ///< finished ones compare by log-probability / length^this
};

/// How much work an evaluation may be.
struct EvaluationEffort {
  std::size_t samples = 10;  ///< where roll-outs are averaged
  std::size_t beam = 5;      ///< where sequences of actions are searched
  double length_power = 1;   ///< of that search: 1 compares the means of their steps, 0 their whole log-probabilities
};

/// The source of an agent's randomness, and its use.
struct Policy {
  Decision decision = Decision::sample;
  std::uint64_t seed = 0;
  random::Purpose purpose{"act"};  ///< training and evaluation must not share numbers
};

/// One glimpse of a batch, for pictures and statistics.
struct Glimpse {
  TensorView location;  ///< [B, 2] as the retina received it, (x, y) in [-1, 1]
  TensorView patches;   ///< [B, k, g, g, C]
};

/// One reading of annotations by a batch, for pictures and statistics.
struct Reading {
  TensorView weights;                    ///< [B, L] how the attention is spread over the places; rows sum to 1
  std::span<const std::int32_t> places;  ///< [B] the one place that was read; empty if all were
  std::size_t rows = 0;                  ///< places lie on a grid, L = rows x columns, row by row
  std::size_t columns = 0;
};

/// A batch of episodes from an agent's side. Used by one thread at a time; what it gives out is valid until the next
/// begin.
class Actor {
 public:
  virtual ~Actor() = default;

  /// Forgets the last batch. The tape has begun anew and must not begin again before the batch is done.
  virtual void begin(Tape& tape, const Policy& policy, std::span<const EpisodeKey> keys) = 0;
  /// One action for each episode.
  virtual std::span<const std::int32_t> act(const TimeStep& now) = 0;
  /// Tells what came of the last action.
  virtual void observe(const TimeStep& next) = 0;

  /// After LAST: what to minimise. A sum over this batch's episodes divided by `episodes`, the number in the whole
  /// training batch, so that the losses of shards add up.
  virtual Variable loss(std::size_t episodes) = 0;
  /// After loss: adds this batch's sums to `sums`, one a name of Agent::metrics.
  virtual void add_metrics(std::span<double> sums) const = 0;

  /// Log-probabilities [B, num_actions] of the last action. @return empty before the first act
  [[nodiscard]] virtual TensorView action_log_probs() const = 0;
  /// What was looked at since begin, in order; empty for an agent without glimpses.
  [[nodiscard]] virtual std::span<const Glimpse> glimpses() const { return {}; }
  /// What was read since begin, in order; empty for an agent that does not read annotations.
  [[nodiscard]] virtual std::span<const Reading> readings() const { return {}; }

  /// For a search over sequences, between acts: episode b goes on as episode parents[b] was after the last act, which
  /// then took actions[b].
  /// @throws ArgumentError  if the agent cannot
  virtual void follow(std::span<const std::int32_t> parents, std::span<const std::int32_t> actions);
};

/// A number beside the parameters that training changes, such as a moving-average baseline; saved with a run.
struct NamedNumber {
  std::string name;
  double* value;
};

/// A network, its policies and its losses.
class Agent {
 public:
  virtual ~Agent() = default;

  [[nodiscard]] virtual ParameterStore& parameters() = 0;
  [[nodiscard]] virtual std::unique_ptr<Actor> actor() const = 0;
  /// Number of roll-outs of each episode in a training batch, M; each has its own draws, reward and advantage.
  [[nodiscard]] virtual std::size_t rollouts() const { return 1; }

  /// How many sums Actor::add_metrics adds to.
  [[nodiscard]] virtual std::size_t metric_count() const = 0;
  /// Turns the sums over a number of episodes into what the log shows.
  [[nodiscard]] virtual Report report(std::span<const double> sums, std::size_t episodes) const = 0;
  /// After each training step, with the sums of that batch: updates what is learned without gradients.
  virtual void after_step(std::span<const double> /*sums*/, std::size_t /*episodes*/) {}
  [[nodiscard]] virtual std::vector<NamedNumber> state() { return {}; }

  /// The ways to test it that differ. Parameters are chosen by the first one where nothing else is said. Without a
  /// policy there is nothing to draw and one way.
  [[nodiscard]] virtual std::vector<EvaluationMode> evaluation_modes(const EvaluationEffort& /*effort*/) const {
    return {{"deterministic", Decision::mean, 1}};
  }

  /// Facts for people, such as the spread of the locations in pixels; printed at the start of a run.
  [[nodiscard]] virtual std::vector<std::string> notes() const { return {}; }
};

}  // namespace saccade::rl
