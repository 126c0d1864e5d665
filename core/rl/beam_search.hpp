#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/rl/judge.hpp"
#include "core/tensor/tensor.hpp"

namespace saccade::rl {

struct BeamConfig {
  std::size_t width = 5;       ///< k, hypotheses of an episode that are pursued side by side
  std::int32_t end = 0;        ///< the action that ends a sequence
  double length_power = 1;     ///< p: sequences of n actions, the end among them, compare by log-probability / n^p
  std::size_t max_steps = 20;  ///< no sequence takes more actions
};

/// Beam search for the most probable sequences of actions of several episodes at once. Row e k + i of a batch is
/// hypothesis i of episode e. At each step the continuations with the greatest log-probability are kept: those that end
/// are finished and leave the beam, which narrows by one each, and the others go on. An episode is done when k have
/// finished or nothing goes on. The answer is the finished sequence with the greatest log-probability / length^p, or,
/// where none has finished within max_steps, the best of those that were still open.
///
/// A width of 1 is greedy decoding. Of equally probable continuations the one of the lower row and action is kept.
///
///     while (!beam.done()) {
///       actor.act(now);
///       beam.advance(actor.action_log_probs());
///       actor.follow(beam.parents(), beam.actions());
///     }
class BeamSearch {
 public:
  /// @throws ArgumentError  for a width or a number of steps of 0
  BeamSearch(std::size_t episodes, const BeamConfig& config);

  /// @param log_probs  [episodes x k, num_actions]; -infinity for what is never done
  /// @throws ShapeError      for another number of rows
  /// @throws NonFiniteError  if the row of a hypothesis holds what is not a number, or no hypothesis of an episode has
  ///                         a continuation
  void advance(const TensorView& log_probs);

  /// Which row each row goes on from. Rows without a hypothesis go on from themselves.
  [[nodiscard]] std::span<const std::int32_t> parents() const { return parents_; }
  /// What it takes then; the end for rows without a hypothesis.
  [[nodiscard]] std::span<const std::int32_t> actions() const { return actions_; }
  [[nodiscard]] bool done() const;

  /// The answer for an episode, without the end.
  [[nodiscard]] const Actions& best(std::size_t episode) const { return answer(episode).actions; }
  /// The rows from which each of its actions was taken, and its end if it came to one: where the agent was then.
  [[nodiscard]] const std::vector<std::size_t>& best_rows(std::size_t episode) const { return answer(episode).rows; }

 private:
  struct Hypothesis {
    Actions actions;
    std::vector<std::size_t> rows;
    double log_prob = 0;
    double score = 0;  // once it has ended
  };
  struct Continuation {
    double log_prob;
    std::size_t hypothesis;
    std::int32_t action;
  };
  struct Episode {
    std::vector<Hypothesis> open;
    std::vector<Hypothesis> finished;
  };

  void advance(std::size_t episode, const TensorView& log_probs);
  void find_continuations(std::size_t episode, const TensorView& log_probs, std::size_t count);
  [[nodiscard]] const Hypothesis& answer(std::size_t episode) const;
  [[nodiscard]] double score(double log_prob, std::size_t length) const;

  BeamConfig config_;
  std::vector<Episode> episodes_;
  std::vector<Continuation> continuations_;
  std::vector<std::int32_t> parents_;
  std::vector<std::int32_t> actions_;
  std::size_t steps_ = 0;
};

}  // namespace saccade::rl
