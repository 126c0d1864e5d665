#pragma once

#include <utility>
#include <vector>

#include "core/random/stream.hpp"
#include "envs/captions/caption_world.hpp"
#include "envs/captions/reference_judge.hpp"

/// Worlds of captions that take a few milliseconds.
namespace saccade::tests {

/// Images of noise, [rows, columns, channels], each with one caption, for all splits alike.
class NoiseCaptions : public envs::captions::CaptionWorld {
 public:
  explicit NoiseCaptions(std::vector<envs::captions::Tokens> captions = default_captions(),
                         const Shape& shape = {1, 2, 3})
      : CaptionWorld("noise", {shape, -10, 10}, vocabulary_of(captions), 5),
        captions_{std::move(captions)},
        judge_{vocabulary(), references(captions_), references(captions_)} {}

  [[nodiscard]] std::size_t size(rl::Split) const override { return captions_.size(); }
  [[nodiscard]] std::size_t length(rl::Split, std::uint64_t index) const override {
    return captions_[index].size() + 1;
  }
  [[nodiscard]] const rl::Judge* judge() const override { return &judge_; }
  void show(const rl::EpisodeKey& key, std::span<Real> observation, std::vector<std::int32_t>& words) const override {
    random::Stream stream(1, random::Purpose("noise"), 0, key.index);
    for (Real& x : observation) x = static_cast<Real>(stream.normal());
    words.clear();
    if (key.split != rl::Split::train) return;
    for (const std::uint32_t word : vocabulary().encode(captions_[key.index])) {
      words.push_back(static_cast<std::int32_t>(word));
    }
  }

  static std::vector<envs::captions::Tokens> default_captions() { return {{"a", "dog"}, {"a", "cat", "runs"}, {"a"}}; }

 private:
  static envs::captions::Vocabulary vocabulary_of(const std::vector<envs::captions::Tokens>& captions) {
    return envs::captions::Vocabulary::of(std::vector<envs::captions::CaptionedImage>{{"1", captions}});
  }
  static std::vector<std::vector<envs::captions::Tokens>> references(
      const std::vector<envs::captions::Tokens>& captions) {
    std::vector<std::vector<envs::captions::Tokens>> all;
    for (const envs::captions::Tokens& caption : captions) all.push_back({caption});
    return all;
  }

  std::vector<envs::captions::Tokens> captions_;
  envs::captions::ReferenceJudge judge_;
};

}  // namespace saccade::tests
