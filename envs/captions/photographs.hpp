#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/config/fields.hpp"
#include "envs/captions/annotations.hpp"
#include "envs/captions/caption_world.hpp"
#include "envs/captions/captioned_images.hpp"
#include "envs/captions/reference_judge.hpp"

namespace saccade::envs::captions {

/// Settings of worlds of photographs.
struct PhotographConfig {
  std::string annotations = "mobilenet_v2-224";
  std::size_t min_count = 5;  // of a word in training captions, to be in the vocabulary
  std::size_t max_words = 10000;
  std::size_t max_length = 40;  // of a caption, words

  void describe(config::Fields& fields);
};

/// Photographs with the captions that people gave them; the observation of one is its annotations [H, W, D]. A training
/// episode is one of the captions of a training image; those of more than `max_length` words are left out. Validation
/// and test have an episode for each image, in the order of the split. The vocabulary is that of the training captions.
class Photographs final : public CaptionWorld {
 public:
  /// @param images  the folder of the photographs themselves, which is not looked at; empty if it is unknown
  /// @throws IoError      if an image has no annotations
  /// @throws ConfigError  if no training caption is short enough
  Photographs(std::string name, CaptionSplits splits, Annotations annotations, const PhotographConfig& config,
              std::filesystem::path images = {});

  [[nodiscard]] std::size_t size(rl::Split split) const override;
  [[nodiscard]] std::size_t length(rl::Split split, std::uint64_t index) const override;
  [[nodiscard]] std::filesystem::path photograph(rl::Split split, std::uint64_t index) const override;
  [[nodiscard]] std::string data_digests() const override { return digests_; }
  /// How many images and captions there are, and how many were left out and why.
  [[nodiscard]] std::vector<std::string> notes() const override { return {note_}; }
  [[nodiscard]] const rl::Judge* judge() const override { return judge_.get(); }
  void show(const rl::EpisodeKey& key, std::span<Real> observation, std::vector<std::int32_t>& words) const override;

 private:
  struct Caption {
    std::size_t row;                  // of the image's annotations
    std::vector<std::int32_t> words;  // the end last
  };

  [[nodiscard]] std::vector<std::size_t> rows_of(const std::vector<CaptionedImage>& images) const;
  [[nodiscard]] std::size_t row(rl::Split split, std::uint64_t index) const;
  /// @return  the number of captions that are too long
  std::size_t add_captions(const std::vector<CaptionedImage>& images, std::size_t max_length);

  Annotations annotations_;
  std::string digests_;  // of annotations and captions
  std::filesystem::path images_;
  std::string note_;
  std::vector<Caption> train_;
  std::vector<std::size_t> validation_;
  std::vector<std::size_t> test_;
  std::unique_ptr<ReferenceJudge> judge_;
};

/// Splits that a run can train with, choose with and be tested with. @throws ConfigError  if one holds no image
/// @param source  of the splits, for people
[[nodiscard]] CaptionSplits with_all_splits(const std::string& source, CaptionSplits splits);

/// The judge of Photographs with these splits and settings, which needs no annotations.
[[nodiscard]] std::shared_ptr<const rl::Judge> judge_by_captions(const CaptionSplits& splits,
                                                                 const PhotographConfig& config);

/// The file of annotations that a setting names: NAME.annotations below `folder`, or a path as it is.
/// @param how  `saccade data features` makes it: its arguments but for the encoder
/// @throws IoError  naming both, and how to make it
[[nodiscard]] std::filesystem::path find_annotations(const std::string& setting, const std::filesystem::path& folder,
                                                     const std::string& how);

}  // namespace saccade::envs::captions
