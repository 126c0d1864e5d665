#include "envs/captions/metrics/meteor.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "envs/captions/metrics/alignment.hpp"
#include "envs/captions/metrics/stemmer.hpp"

namespace saccade::envs::captions {
namespace {

/// What a score is made of; summed over images for a corpus.
struct Statistics {
  Alignment alignment;
  std::size_t candidate_length = 0;
  std::size_t reference_length = 0;

  Statistics& operator+=(const Statistics& other) {
    alignment.exact += other.alignment.exact;
    alignment.stem += other.alignment.stem;
    alignment.chunks += other.alignment.chunks;
    candidate_length += other.candidate_length;
    reference_length += other.reference_length;
    return *this;
  }

  /// Whether one side is the other, word for word.
  [[nodiscard]] bool whole() const {
    return alignment.chunks == 1 && alignment.pairs() == candidate_length && alignment.pairs() == reference_length;
  }
};

double penalty(const Statistics& statistics, const MeteorParameters& p) {
  if (p.whole_is_free && statistics.whole()) return 0;
  const double fragmentation =
      static_cast<double>(statistics.alignment.chunks) / static_cast<double>(statistics.alignment.pairs());
  return p.gamma * std::pow(fragmentation, p.beta);
}

double score(const Statistics& statistics, const MeteorParameters& p) {
  const Alignment& alignment = statistics.alignment;
  const double weight = static_cast<double>(alignment.exact) + p.stem_weight * static_cast<double>(alignment.stem);
  if (weight == 0) return 0;
  const double precision = weight / static_cast<double>(statistics.candidate_length);
  const double recall = weight / static_cast<double>(statistics.reference_length);
  const double mean = precision * recall / (p.alpha * precision + (1 - p.alpha) * recall);
  return mean * (1 - penalty(statistics, p));
}

std::vector<std::uint32_t> stems_of(std::span<const std::string> words) {
  const Stemmer stem;
  std::unordered_map<std::string, std::uint32_t> numbers;
  std::vector<std::uint32_t> stems;
  for (const std::string& word : words) {
    stems.push_back(numbers.try_emplace(stem(word), static_cast<std::uint32_t>(numbers.size())).first->second);
  }
  return stems;
}

/// Of the best reference, the first of equally good ones.
Statistics best(const JudgedImage& image, std::span<const std::uint32_t> stems, const MeteorParameters& p) {
  Statistics best;
  double best_score = -1;
  for (const Sentence& reference : image.references) {
    const Statistics statistics{align(image.candidate.words, reference.words, stems), image.candidate.words.size(),
                                reference.words.size()};
    if (const double own = score(statistics, p); own > best_score) {
      best_score = own;
      best = statistics;
    }
  }
  return best;
}

}  // namespace

Meteor meteor_exact_stem(const Corpus& corpus, const MeteorParameters& parameters) {
  const std::vector<std::uint32_t> stems = stems_of(corpus.words());
  Statistics sum;
  std::vector<double> each;
  for (const JudgedImage& image : corpus.images()) {
    const Statistics statistics = best(image, stems, parameters);
    each.push_back(score(statistics, parameters));
    sum += statistics;
  }
  return {score(sum, parameters), with_mean(std::move(each))};
}

}  // namespace saccade::envs::captions
