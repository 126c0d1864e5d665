#pragma once

#include "core/config/fields.hpp"
#include "envs/area_average.hpp"
#include "envs/captions/caption_world.hpp"
#include "envs/captions/digit_grammar.hpp"
#include "envs/captions/digit_layout.hpp"

namespace saccade::envs::captions {

/// Settings of the world `digit_scenes`.
struct DigitScenesConfig {
  std::string source = "digits";  // digits | mnist
  double variation = 0.5;         // of the handwriting of digits; 1 as in the world `digits`
  std::size_t side = 56;          // of the picture, pixels
  std::size_t digits_min = 2;
  std::size_t digits_max = 4;
  std::size_t train_digits_min = 0;  // of training scenes; 0: digits_min
  std::size_t train = 20000;         // scenes of a split
  std::size_t validation = 2000;
  std::size_t test = 2000;
  std::size_t seed = 0;  // names the set of scenes

  void describe(config::Fields& fields);
};

/// Pictures of a few digits on a grid, and captions that name each with its size and how it lies to the next: a world
/// that knows where every digit word points. The captions are those of DigitGrammar, the places those of DigitLayout;
/// the vocabulary has 21 words, whatever the settings.
///
/// Episode i of a split has m = digits_min + i mod (digits_max - digits_min + 1) digits, hence a caption of 5 m - 2
/// words; in training from `train_digits_min` on, because scenes of one digit teach what digits look like. All else is
/// drawn: in training anew at each visit, in validation and test once for ever. The images come from the same split of
/// the sources; the square around a digit's ink is averaged over areas into the square of its place. Observations are
/// [B, side, side, 1].
///
/// The judge's measures are `exact`, the share of captions that are right in every word, and then the others of
/// ReferenceJudge. The k-th word of a caption that names a digit speaks of the square of the k-th digit in reading
/// order, right or wrong; other words, and those of more digits than there are, speak of nothing.
class DigitScenes final : public CaptionWorld {
 public:
  /// @param sources  of one channel, with at most ten classes and 256 pixels each way, and images in each split
  /// @throws ConfigError    if one of the least numbers of digits is greater than digits_max, or `variation` is set
  /// where digits are not drawn
  ///         ArgumentError  unless the sources are as said
  DigitScenes(const DigitScenesConfig& config, ImageSplits sources);
  DigitScenes(const DigitScenes&) = delete;
  DigitScenes& operator=(const DigitScenes&) = delete;
  DigitScenes(DigitScenes&&) = delete;
  DigitScenes& operator=(DigitScenes&&) = delete;
  ~DigitScenes() override = default;

  [[nodiscard]] std::size_t size(rl::Split split) const override;
  /// Of validation and test the length is not known before: who captions them decides.
  [[nodiscard]] std::size_t length(rl::Split split, std::uint64_t index) const override;
  [[nodiscard]] std::string data_digests() const override { return sources_.digests; }
  [[nodiscard]] std::vector<std::string> notes() const override { return sources_.notes; }
  [[nodiscard]] const rl::Judge* judge() const override { return judge_.get(); }
  void show(const rl::EpisodeKey& key, std::span<Real> observation, std::vector<std::int32_t>& words) const override;

  [[nodiscard]] DigitScene scene(const rl::EpisodeKey& key) const;
  [[nodiscard]] const DigitLayout& layout() const { return layout_; }
  [[nodiscard]] const DigitGrammar& grammar() const { return grammar_; }

 private:
  [[nodiscard]] std::size_t digits(rl::Split split, std::uint64_t index) const;
  [[nodiscard]] GreyImage source(rl::Split split, std::size_t image) const;

  DigitScenesConfig config_;
  ImageSplits sources_;
  std::array<std::vector<Square>, 3> inks_;  // around the ink of each image of train, validation, test
  DigitLayout layout_;
  DigitGrammar grammar_;
  std::unique_ptr<rl::Judge> judge_;
};

}  // namespace saccade::envs::captions
