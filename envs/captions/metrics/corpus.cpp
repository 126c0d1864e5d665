#include "envs/captions/metrics/corpus.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <unordered_map>

#include "core/errors.hpp"

namespace saccade::envs::captions {
namespace {

/// Numbers things in the order in which they are met.
template <typename Key>
class Numbers {
 public:
  std::uint32_t operator()(const Key& key) {
    return numbers_.try_emplace(key, static_cast<std::uint32_t>(numbers_.size())).first->second;
  }
  [[nodiscard]] std::size_t size() const { return numbers_.size(); }

 private:
  std::unordered_map<Key, std::uint32_t> numbers_;
};

std::vector<NgramCount> count(std::vector<std::uint32_t> ngrams) {
  std::sort(ngrams.begin(), ngrams.end());
  std::vector<NgramCount> counts;
  for (const std::uint32_t ngram : ngrams) {
    if (counts.empty() || counts.back().ngram != ngram) counts.push_back({ngram, 0});
    ++counts.back().count;
  }
  return counts;
}

class Reader {
 public:
  Sentence read(const Tokens& tokens) {
    Sentence sentence;
    for (const std::string& token : tokens) sentence.words.push_back(number(token));
    std::vector<std::uint32_t> ngrams = sentence.words;
    for (std::size_t n = 1; n <= max_order; ++n) {
      sentence.ngrams[n - 1] = count(ngrams);
      if (n < max_order) extend(ngrams, sentence.words, n);
    }
    return sentence;
  }

  std::vector<std::string>& words() { return words_; }
  [[nodiscard]] std::size_t ngrams(std::size_t n) const { return n == 1 ? words_.size() : longer_[n - 2].size(); }

 private:
  std::uint32_t number(const std::string& token) {
    const std::uint32_t known = word_numbers_(token);
    if (known == words_.size()) words_.push_back(token);
    return known;
  }

  /// From the n-grams of a sentence to those of n + 1 words: an n-gram is known by its number and the word after it.
  void extend(std::vector<std::uint32_t>& ngrams, const std::vector<std::uint32_t>& words, std::size_t n) {
    const std::size_t left = words.size() > n ? words.size() - n : 0;
    for (std::size_t i = 0; i < left; ++i) {
      ngrams[i] = longer_[n - 1]((std::uint64_t{ngrams[i]} << 32) | words[i + n]);
    }
    ngrams.resize(left);
  }

  Numbers<std::string> word_numbers_;
  std::vector<std::string> words_;
  std::array<Numbers<std::uint64_t>, max_order - 1> longer_;
};

void check(std::size_t candidates, std::span<const std::vector<Tokens>> references) {
  if (candidates == 0) throw ArgumentError("Corpus: candidates must hold at least one caption, got none");
  if (candidates != references.size()) {
    throw ArgumentError(fmt::format("Corpus: references must be given for each of {} candidates, got {}", candidates,
                                    references.size()));
  }
  const auto bare = std::find_if(references.begin(), references.end(), [](const auto& some) { return some.empty(); });
  if (bare != references.end()) {
    throw ArgumentError(fmt::format("Corpus: references must hold at least one caption for each image, got none at {}",
                                    bare - references.begin()));
  }
}

}  // namespace

Corpus::Corpus(std::span<const Tokens> candidates, std::span<const std::vector<Tokens>> references) {
  check(candidates.size(), references);
  Reader reader;
  images_.resize(candidates.size());
  for (std::size_t i = 0; i < images_.size(); ++i) {
    images_[i].candidate = reader.read(candidates[i]);
    for (const Tokens& reference : references[i]) images_[i].references.push_back(reader.read(reference));
  }
  for (std::size_t n = 1; n <= max_order; ++n) ngrams_[n - 1] = reader.ngrams(n);
  words_ = std::move(reader.words());
}

ImageScores with_mean(std::vector<double> each) {
  const double sum = std::accumulate(each.begin(), each.end(), 0.0);
  return {sum / static_cast<double>(each.size()), std::move(each)};
}

}  // namespace saccade::envs::captions
