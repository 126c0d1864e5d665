#pragma once

#include <vector>

#include "core/rl/environment.hpp"
#include "core/rl/judge.hpp"
#include "envs/captions/vocabulary.hpp"

namespace saccade::envs::captions {

/// A world of captions. An action is a word of the vocabulary, and Vocabulary::end ends the caption. The observation,
/// an image or its annotations, [H, W, C], is the same at each step.
///
/// A training episode is an image with one of its captions: each step reveals the word that stood there, whatever the
/// action was, the end last; its length is that of the caption and one. In validation and test an episode is an image
/// alone; it is over when its caption ends, or at the step in which the longest caption would have ended, and the judge
/// decides on it. Rewards are zero throughout.
class CaptionWorld : public rl::Environment {
 public:
  [[nodiscard]] const rl::EnvironmentSpec& spec() const override { return spec_; }
  [[nodiscard]] std::unique_ptr<rl::Episodes> episodes() const override;
  /// The vocabulary, as Vocabulary::save writes it.
  [[nodiscard]] std::string action_table() const override { return vocabulary_.text(); }
  [[nodiscard]] const Vocabulary& vocabulary() const { return vocabulary_; }

  /// For Episodes: the observation of an episode and, in training, the words of its caption with the end; else no word.
  /// Makes no heap allocation once `words` has its largest size. Called by several threads.
  virtual void show(const rl::EpisodeKey& key, std::span<Real> observation, std::vector<std::int32_t>& words) const = 0;

 protected:
  /// @param observation  [H, W, C] with its bounds
  /// @param max_words    the greatest length of a caption, without the end
  CaptionWorld(std::string name, const rl::TensorSpec& observation, Vocabulary vocabulary, std::size_t max_words);

 private:
  rl::EnvironmentSpec spec_;
  Vocabulary vocabulary_;
};

}  // namespace saccade::envs::captions
