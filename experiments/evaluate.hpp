#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "core/parallel/workers.hpp"
#include "core/rl/agent.hpp"

namespace saccade::experiments {

struct EvaluationResult {
  std::size_t episodes = 0;
  std::size_t wrong = 0;
  double cross_entropy = 0;  ///< mean of -log p(right action), nats

  [[nodiscard]] double error() const { return static_cast<double>(wrong) / static_cast<double>(episodes); }
};

/// What one thread needs to take batches of episodes through an agent.
class Lane {
 public:
  Lane(const rl::Environment& environment, rl::Agent& agent);

  /// One batch through environment and agent, without the loss: the episodes that `keys` names.
  void play(Tape::Mode mode, const rl::Policy& policy);

  /// Begins the episodes that `upcoming` names. Another thread may do so while this lane plays.
  void prepare();
  /// Makes what was prepared the next batch to play, if it is the one that `keys` then names. Not while either goes on.
  void use_prepared() { std::swap(playing_, prepared_); }

  Tape tape;
  std::unique_ptr<rl::Actor> actor;
  std::vector<rl::EpisodeKey> keys;
  std::vector<rl::EpisodeKey> upcoming;
  rl::TimeStep last;

 private:
  /// Episodes, what they were begun with and what they showed first.
  struct Begun {
    std::unique_ptr<rl::Episodes> episodes;
    std::vector<rl::EpisodeKey> keys;
    rl::TimeStep first;
    bool fresh = false;  // begun, and no action taken

    void begin(const std::vector<rl::EpisodeKey>& wanted);
  };

  Begun playing_;
  Begun prepared_;
};

/// Takes every episode of a split through the agent once (or `samples` times). Draws depend on (seed, split, episode,
/// sample) alone: the result is the same for any number of workers, and for any chunk but for rounding.
/// @param chunk  episodes taken together
[[nodiscard]] EvaluationResult evaluate(const rl::Environment& environment, rl::Agent& agent, rl::Split split,
                                        const rl::EvaluationMode& mode, std::uint64_t seed, std::size_t chunk,
                                        parallel::Workers& workers);

}  // namespace saccade::experiments
