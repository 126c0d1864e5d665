#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "experiments/run.hpp"

/// What each episode of a split came to in one way to act: enough to compare runs item by item, without checkpoints.
///
/// predictions.jsonl holds a line for each split and mode. Where a judge decides, the actions of every episode (the
/// numbers of words) and, on test, the same as people read them:
///
///     {"split":"test","mode":"greedy","samples":1,"episodes":2,"actions":[[4,7],[4,9,5]],"texts":["a dog","a cat
///     runs"]}
///
/// elsewhere the numbers of the episodes that went wrong and, where the world tells the right answer, what was answered
/// in them; all others were answered rightly:
///
///     {"split":"test","mode":"mean location","samples":1,"episodes":10000,"wrong":[18,247],"answers":[5,6]}
namespace saccade::experiments {

struct Predictions {
  std::string split;
  std::string mode;
  std::size_t samples = 1;
  std::size_t episodes = 0;
  std::vector<rl::Actions> actions = {};   ///< of each episode, for the judge; empty where there is none
  std::vector<std::string> texts = {};     ///< the same in words, or empty
  std::vector<std::size_t> wrong = {};     ///< which episodes, ascending; where there is no judge
  std::vector<std::int32_t> answers = {};  ///< in those, where the world tells the right one

  bool operator==(const Predictions&) const = default;
};

/// @param judge  of the world, if it has one
[[nodiscard]] Predictions predictions_of(const ModeResult& result, const rl::Judge* judge);

/// Equal results give equal bytes.
void write_predictions(const RunDirectory& run, const std::vector<ModeResult>& results, const rl::Judge* judge);

/// @throws IoError  with path and line, for a file that is missing or not of that form
[[nodiscard]] std::vector<Predictions> read_predictions(const std::filesystem::path& path);

}  // namespace saccade::experiments
