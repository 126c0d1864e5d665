#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "core/parallel/workers.hpp"
#include "core/rl/agent.hpp"
#include "core/rl/beam_search.hpp"
#include "core/rl/judge.hpp"

namespace saccade::experiments {

/// What an episode came to.
struct Outcome {
  bool wrong = false;
  std::int32_t answer = -1;  ///< the action that was taken for the right one, where the world tells which is

  bool operator==(const Outcome&) const = default;
};

/// How a split went. An episode is wrong if its action was not the right one or, where the world does not tell, if its
/// rewards add up to less than the greatest reward of a step: a ball that was missed. Where the world has a judge, it
/// decides.
struct EvaluationResult {
  std::size_t episodes = 0;
  std::size_t wrong = 0;
  std::optional<double> cross_entropy = {};  ///< mean of -log p(right action), nats, where the world tells

  std::vector<Outcome> outcomes = {};  ///< of each episode

  rl::Report measures = {};                  ///< the judge's, where there is one; parameters are chosen by the first
  rl::Report attention = {};                 ///< see attention_report; empty if nothing was read
  std::vector<double> entropy_by_step = {};  ///< of the attention, nats; empty if nothing was read
  std::vector<rl::Actions> actions = {};     ///< what each episode did, for the judge

  [[nodiscard]] double error() const { return static_cast<double>(wrong) / static_cast<double>(episodes); }
  /// What a search over parameters makes small: 1 less the first measure, or the error.
  [[nodiscard]] double cost() const { return measures.empty() ? error() : 1 - measures.front().second; }
};

/// What one thread needs to take batches of episodes through an agent.
class Lane {
 public:
  Lane(const rl::Environment& environment, rl::Agent& agent);

  /// One batch through environment and agent, without the loss: the episodes that `keys` names.
  /// @param watch  shown every time step, if given
  void play(Tape::Mode mode, const rl::Policy& policy, const std::function<void(const rl::TimeStep&)>& watch = {});

  /// The same with a search for the most probable sequence of actions. Each key stands there beam.width times.
  /// `actions` and `rows` then begin with those of the answers, one an episode.
  void search(const rl::Policy& policy, const rl::BeamConfig& beam);

  /// Begins the episodes that `upcoming` names. Another thread may do so while this lane plays.
  void prepare();
  /// Makes what was prepared the next batch to play, if it is the one that `keys` then names. Not while either goes on.
  void use_prepared() { std::swap(playing_, prepared_); }

  Tape tape;
  std::unique_ptr<rl::Actor> actor;
  std::vector<rl::EpisodeKey> keys;
  std::vector<rl::EpisodeKey> upcoming;
  rl::TimeStep last;
  std::vector<double> rewards;       ///< what each episode got in all, up to its end
  std::vector<rl::Actions> actions;  ///< what each episode did, up to its end
  /// The row of the batch where an answer stood at each step of its search.
  std::vector<std::vector<std::size_t>> rows;

 private:
  /// Episodes, what they were begun with and what they showed first.
  struct Begun {
    std::unique_ptr<rl::Episodes> episodes;
    std::vector<rl::EpisodeKey> keys;
    rl::TimeStep first;
    bool fresh = false;  // begun, and no action taken

    void begin(const std::vector<rl::EpisodeKey>& wanted);
  };

  void start(Tape::Mode mode, const rl::Policy& policy);
  void add_rewards(std::span<const std::int32_t> taken);

  std::vector<char> running_;  // 0 from the end of an episode on, while others of the batch go on
  Begun playing_;
  Begun prepared_;
  const rl::Environment* environment_;
};

/// Takes every episode of a split through the agent once (or `samples` times). Draws depend on (seed, split, episode,
/// sample, samples) alone: the result is the same for any number of workers, and for any chunk but for rounding.
/// @param chunk  episodes taken together
/// @throws ArgumentError  if samples are to be averaged where there is no right action, as what is averaged are the
///                        probabilities of one action
[[nodiscard]] EvaluationResult evaluate(const rl::Environment& environment, rl::Agent& agent, rl::Split split,
                                        const rl::EvaluationMode& mode, std::uint64_t seed, std::size_t chunk,
                                        parallel::Workers& workers);

}  // namespace saccade::experiments
