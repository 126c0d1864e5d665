#include "envs/captions/metrics/meteor.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "envs/captions/metrics/alignment.hpp"
#include "envs/captions/metrics/stemmer.hpp"

namespace saccade::envs::captions {
namespace {

/// Whether one side is the other, word for word.
bool is_whole(const MeteorCounts& counts) {
  const Alignment& alignment = counts.alignment;
  return alignment.chunks == 1 && alignment.pairs() == counts.candidate_length &&
         alignment.pairs() == counts.reference_length;
}

double penalty(const MeteorCounts& counts, const MeteorParameters& p) {
  if (p.whole_is_free && is_whole(counts)) return 0;
  const double fragmentation =
      static_cast<double>(counts.alignment.chunks) / static_cast<double>(counts.alignment.pairs());
  return p.gamma * std::pow(fragmentation, p.beta);
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

MeteorCounts best(const JudgedImage& image, std::span<const std::uint32_t> stems, const MeteorParameters& p) {
  MeteorCounts best;
  double best_score = -1;
  for (const Sentence& reference : image.references) {
    const MeteorCounts counts{align(image.candidate.words, reference.words, stems), image.candidate.words.size(),
                              reference.words.size()};
    if (const double own = meteor_score(counts, p); own > best_score) {
      best_score = own;
      best = counts;
    }
  }
  return best;
}

}  // namespace

MeteorCounts& MeteorCounts::operator+=(const MeteorCounts& other) {
  alignment.exact += other.alignment.exact;
  alignment.stem += other.alignment.stem;
  alignment.chunks += other.alignment.chunks;
  candidate_length += other.candidate_length;
  reference_length += other.reference_length;
  return *this;
}

double meteor_score(const MeteorCounts& counts, const MeteorParameters& p) {
  const Alignment& alignment = counts.alignment;
  const double weight = static_cast<double>(alignment.exact) + p.stem_weight * static_cast<double>(alignment.stem);
  if (weight == 0) return 0;
  const double precision = weight / static_cast<double>(counts.candidate_length);
  const double recall = weight / static_cast<double>(counts.reference_length);
  const double mean = precision * recall / (p.alpha * precision + (1 - p.alpha) * recall);
  return mean * (1 - penalty(counts, p));
}

std::vector<MeteorCounts> meteor_counts(const Corpus& corpus, const MeteorParameters& parameters) {
  const std::vector<std::uint32_t> stems = stems_of(corpus.words());
  std::vector<MeteorCounts> counts;
  for (const JudgedImage& image : corpus.images()) counts.push_back(best(image, stems, parameters));
  return counts;
}

Meteor meteor_exact_stem(const Corpus& corpus, const MeteorParameters& parameters) {
  MeteorCounts sum;
  std::vector<double> each;
  for (const MeteorCounts& counts : meteor_counts(corpus, parameters)) {
    each.push_back(meteor_score(counts, parameters));
    sum += counts;
  }
  return {meteor_score(sum, parameters), with_mean(std::move(each))};
}

}  // namespace saccade::envs::captions
