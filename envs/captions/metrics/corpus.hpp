#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "envs/captions/tokens.hpp"

/// Scores of captions. Each metric is a function of a Corpus; words are compared as they are, so both sides must have
/// been cut into words by the same rule.
namespace saccade::envs::captions {

/// The longest n-grams that a metric looks at.
inline constexpr std::size_t max_order = 4;

struct NgramCount {
  std::uint32_t ngram;  ///< number of the n-gram among those of its order
  std::uint32_t count;
};

/// A caption with its words as numbers, and for each n the n-grams that occur in it: in rising order, each once.
struct Sentence {
  std::vector<std::uint32_t> words;
  std::array<std::vector<NgramCount>, max_order> ngrams;  ///< [n - 1]
};

/// What was said of an image, and what people said.
struct JudgedImage {
  Sentence candidate;
  std::vector<Sentence> references;
};

/// The captions to be judged, one an image, with the references of each image. Words and n-grams are numbered once, in
/// the order in which they are met; everything after that compares numbers.
class Corpus {
 public:
  /// @param candidates  [N]; a caption may be empty
  /// @param references  [N], at least one each
  /// @throws ArgumentError  if there are no candidates, as many references as candidates are not given, or an image has
  ///                        no reference
  Corpus(std::span<const Tokens> candidates, std::span<const std::vector<Tokens>> references);

  [[nodiscard]] std::span<const JudgedImage> images() const { return images_; }
  /// Every word, by number.
  [[nodiscard]] std::span<const std::string> words() const { return words_; }
  /// How many different n-grams there are. @param n  1 to 4
  [[nodiscard]] std::size_t ngrams(std::size_t n) const { return ngrams_[n - 1]; }

 private:
  std::vector<JudgedImage> images_;
  std::vector<std::string> words_;
  std::array<std::size_t, max_order> ngrams_{};
};

/// A score of each image, and their mean.
struct ImageScores {
  double mean = 0;
  std::vector<double> each;  ///< [N]
};

/// @param each  at least one
[[nodiscard]] ImageScores with_mean(std::vector<double> each);

}  // namespace saccade::envs::captions
