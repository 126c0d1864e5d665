#pragma once

#include <span>
#include <vector>

#include "core/rl/agent.hpp"
#include "core/rl/judge.hpp"

namespace saccade::experiments {

/// How an agent's attention was spread and where it went, added up over episodes.
struct AttentionSums {
  double readings = 0;
  double entropy = 0;          ///< of the weights, nats
  double uniform_entropy = 0;  ///< ln L, of weights that are equal everywhere
  double places_read = 0;      ///< 1 for a reading of one place, L for one of all
  double moves = 0;            ///< readings that followed another one
  double shift = 0;            ///< total variation between the weights of neighbouring readings, in [0, 1]
  double distance = 0;         ///< between what neighbouring readings looked at, in sides of the image
  double words = 0;            ///< actions that spoke of a part of the image that the world knows
  double pointed = 0;          ///< of these, those whose place lay in that part
  double chance = 0;           ///< what a place that is drawn uniformly would have reached
  struct Step {
    double readings = 0;
    double entropy = 0;
  };
  std::vector<Step> steps = {};  ///< of the first reading of each episode, the second, ...

  AttentionSums& operator+=(const AttentionSums& other);
};

/// The sums of one episode of a batch. A place lies in a part of the image if the middle of its cell does; the place of
/// a reading is the one that was read or, where all were, the first of those with the greatest weight.
///
/// What a reading looked at is the middle of the cell that was read or, where all were, the mean of the middles by
/// their weights; both sides of the image are 1, whatever its shape.
///
/// @param readings  one for each action
/// @param rows      the row of the batch where the episode stood at each of its readings; those after its end do not
///                  count, but the one that ended it does
/// @param actions   what the episode did
/// @param judge     if given, tells what parts of the image actions speak of
[[nodiscard]] AttentionSums attention_sums(std::span<const rl::Reading> readings, std::span<const std::size_t> rows,
                                           const rl::Actions& actions, const rl::Judge* judge, rl::Split split,
                                           std::uint64_t index);

/// attention_entropy and uniform_entropy (nats), places_read (per reading), attention_shift, attention_distance and,
/// where the world knows parts, pointing and pointing_chance. Empty without readings.
[[nodiscard]] rl::Report attention_report(const AttentionSums& sums);

/// Mean entropy (nats) of the first reading of an episode, of the second, ...; of those that came so far.
[[nodiscard]] std::vector<double> entropy_by_step(const AttentionSums& sums);

}  // namespace saccade::experiments
