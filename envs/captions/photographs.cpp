#include "envs/captions/photographs.hpp"

#include <fmt/format.h>

#include <limits>

#include "core/errors.hpp"

namespace saccade::envs::captions {
namespace {

namespace fs = std::filesystem;

constexpr Real largest = 65504;  // float16

std::vector<std::vector<Tokens>> references(const std::vector<CaptionedImage>& images) {
  std::vector<std::vector<Tokens>> captions;
  for (const CaptionedImage& image : images) captions.push_back(image.captions);
  return captions;
}

Vocabulary vocabulary_of(const CaptionSplits& splits, const PhotographConfig& config) {
  return Vocabulary::of(splits.train, {config.min_count, config.max_words});
}

/// A judge and the vocabulary that it refers to.
struct CaptionJudge {
  CaptionJudge(const CaptionSplits& splits, const PhotographConfig& config)
      : vocabulary{vocabulary_of(splits, config)},
        judge{vocabulary, references(splits.validation), references(splits.test)} {}

  Vocabulary vocabulary;
  ReferenceJudge judge;
};

}  // namespace

void PhotographConfig::describe(config::Fields& fields) {
  fields.add("annotations", &annotations,
             "of the photographs: NAME for NAME.annotations beside the captions, or a file; made by `saccade data "
             "features`");
  fields.add("min_count", &min_count, "a word is known if training captions have it so often", config::range(1, 1e6));
  fields.add("max_words", &max_words, "of these, so many of the commonest words are known", config::range(1, 1e6));
  fields.add("max_length", &max_length,
             "words of a training caption; longer ones do not train, and what is said ends a word later at the latest",
             config::range(1, 1000));
}

CaptionSplits with_all_splits(const std::string& source, CaptionSplits splits) {
  const auto check = [&](const std::vector<CaptionedImage>& images, const char* split, const char* purpose) {
    if (images.empty())
      throw ConfigError(fmt::format("{}: there are no images to {} (split {})", source, purpose, split));
  };
  check(splits.train, "train", "train with");
  check(splits.validation, "val", "choose with");
  check(splits.test, "test", "test with");
  return splits;
}

Photographs::Photographs(std::string name, CaptionSplits splits, Annotations annotations,
                         const PhotographConfig& config, std::filesystem::path images)
    : CaptionWorld(std::move(name), {annotations.shape(), -largest, largest}, vocabulary_of(splits, config),
                   config.max_length),
      annotations_{std::move(annotations)},
      digests_{fmt::format("{}  annotations\n{}  captions\n", annotations_.digest(), digest_of(splits))},
      images_{std::move(images)},
      validation_{rows_of(splits.validation)},
      test_{rows_of(splits.test)},
      judge_{std::make_unique<ReferenceJudge>(vocabulary(), references(splits.validation), references(splits.test))} {
  const std::size_t too_long = add_captions(splits.train, config.max_length);
  note_ = fmt::format(
      "{} captions of {} photographs to train with, {} photographs to choose and {} to test with; left out: {} "
      "photographs of no split, {} captions without a word, {} beyond {} of a photograph, {} of more than {} words",
      train_.size(), splits.train.size(), validation_.size(), test_.size(), splits.images_in_no_split,
      splits.empty_captions, splits.excess_captions, captions_per_image, too_long, config.max_length);
  if (!splits.rest.empty()) note_ += fmt::format(", {} photographs of restval", splits.rest.size());
}

std::vector<std::size_t> Photographs::rows_of(const std::vector<CaptionedImage>& images) const {
  std::vector<std::size_t> rows;
  for (const CaptionedImage& image : images) rows.push_back(annotations_.row_of(image.file));
  return rows;
}

std::size_t Photographs::add_captions(const std::vector<CaptionedImage>& images, std::size_t max_length) {
  const std::vector<std::size_t> rows = rows_of(images);
  std::size_t too_long = 0;
  for (std::size_t i = 0; i < images.size(); ++i) {
    for (const Tokens& tokens : images[i].captions) {
      if (tokens.size() > max_length) {
        ++too_long;
        continue;
      }
      const std::vector<std::uint32_t> words = vocabulary().encode(tokens);
      train_.push_back({rows[i], {words.begin(), words.end()}});
    }
  }
  if (train_.empty()) {
    throw ConfigError(fmt::format("environment.max_length: no training caption of {} has {} words or fewer",
                                  spec().name, max_length));
  }
  return too_long;
}

std::size_t Photographs::size(rl::Split split) const {
  if (split == rl::Split::train) return train_.size();
  return split == rl::Split::validation ? validation_.size() : test_.size();
}

std::size_t Photographs::length(rl::Split split, std::uint64_t index) const {
  return split == rl::Split::train ? train_.at(index).words.size() : spec().max_steps;
}

std::size_t Photographs::row(rl::Split split, std::uint64_t index) const {
  if (split == rl::Split::train) return train_.at(index).row;
  return split == rl::Split::validation ? validation_.at(index) : test_.at(index);
}

fs::path Photographs::photograph(rl::Split split, std::uint64_t index) const {
  return images_.empty() ? fs::path() : images_ / annotations_.names()[row(split, index)];
}

void Photographs::show(const rl::EpisodeKey& key, std::span<Real> observation, std::vector<std::int32_t>& words) const {
  words.clear();
  if (key.split == rl::Split::train) {
    const Caption& caption = train_[key.index];
    words.assign(caption.words.begin(), caption.words.end());
  }
  annotations_.read(row(key.split, key.index), observation);
}

std::shared_ptr<const rl::Judge> judge_by_captions(const CaptionSplits& splits, const PhotographConfig& config) {
  const auto both = std::make_shared<const CaptionJudge>(splits, config);
  return {both, &both->judge};
}

fs::path find_annotations(const std::string& setting, const fs::path& folder, const std::string& how) {
  fs::path named = folder / (setting + ".annotations");
  if (fs::exists(named)) return named;
  if (fs::exists(setting)) return setting;
  throw IoError(
      fmt::format("no annotations of the photographs found: neither {} nor {}; make them once with `saccade data "
                  "features {} --encoder FILE.onnx`, or name them with environment.annotations",
                  named.string(), setting, how));
}

}  // namespace saccade::envs::captions
