#include "envs/captions/metrics/bleu.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace saccade::envs::captions {
namespace {

std::uint32_t count_in(const std::vector<NgramCount>& ngrams, std::uint32_t wanted) {
  const auto found = std::lower_bound(ngrams.begin(), ngrams.end(), wanted,
                                      [](const NgramCount& some, std::uint32_t number) { return some.ngram < number; });
  return found != ngrams.end() && found->ngram == wanted ? found->count : 0;
}

std::uint32_t largest_count(const JudgedImage& image, std::size_t k, std::uint32_t ngram) {
  std::uint32_t largest = 0;
  for (const Sentence& reference : image.references) {
    largest = std::max(largest, count_in(reference.ngrams[k], ngram));
  }
  return largest;
}

std::size_t closest_length(const JudgedImage& image) {
  const auto length = static_cast<std::ptrdiff_t>(image.candidate.words.size());
  const auto key = [&](const Sentence& reference) {
    const auto own = static_cast<std::ptrdiff_t>(reference.words.size());
    return std::pair(std::abs(own - length), own);
  };
  const auto closest = std::min_element(image.references.begin(), image.references.end(),
                                        [&](const Sentence& a, const Sentence& b) { return key(a) < key(b); });
  return closest->words.size();
}

}  // namespace

BleuCounts bleu_counts(const JudgedImage& image) {
  BleuCounts counts;
  for (std::size_t k = 0; k < max_order; ++k) {
    for (const NgramCount& some : image.candidate.ngrams[k]) {
      counts.matched[k] += std::min(some.count, largest_count(image, k, some.ngram));
      counts.all[k] += some.count;
    }
  }
  counts.candidate_length = image.candidate.words.size();
  counts.reference_length = closest_length(image);
  return counts;
}

namespace {

double brevity_penalty(const BleuCounts& counts) {
  if (counts.candidate_length > counts.reference_length) return 1;
  if (counts.candidate_length == 0) return 0;
  return std::exp(1 - static_cast<double>(counts.reference_length) / static_cast<double>(counts.candidate_length));
}

double ratio(std::size_t part, std::size_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

double smoothed(const BleuCounts& counts) {
  if (counts.matched[0] == 0) return 0;
  double log_sum = std::log(ratio(counts.matched[0], counts.all[0]));
  for (std::size_t k = 1; k < max_order; ++k) {
    log_sum += std::log(ratio(counts.matched[k] + 1, std::max<std::size_t>(counts.all[k], 1) + 1));
  }
  return brevity_penalty(counts) * std::exp(log_sum / static_cast<double>(max_order));
}

}  // namespace

BleuCounts& BleuCounts::operator+=(const BleuCounts& other) {
  for (std::size_t k = 0; k < max_order; ++k) {
    matched[k] += other.matched[k];
    all[k] += other.all[k];
  }
  candidate_length += other.candidate_length;
  reference_length += other.reference_length;
  return *this;
}

Bleu bleu(const Corpus& corpus) {
  BleuCounts counts;
  for (const JudgedImage& image : corpus.images()) counts += bleu_counts(image);
  return bleu(counts);
}

Bleu bleu(const BleuCounts& counts) {
  Bleu result;
  result.brevity_penalty = brevity_penalty(counts);
  result.candidate_length = counts.candidate_length;
  result.reference_length = counts.reference_length;
  double log_sum = 0;
  for (std::size_t k = 0; k < max_order; ++k) {
    result.precision[k] = ratio(counts.matched[k], counts.all[k]);
    log_sum += std::log(result.precision[k]);
    result.plain[k] = std::exp(log_sum / static_cast<double>(k + 1));
    result.standard[k] = result.brevity_penalty * result.plain[k];
  }
  return result;
}

ImageScores sentence_bleu(const Corpus& corpus) {
  std::vector<double> each;
  for (const JudgedImage& image : corpus.images()) each.push_back(smoothed(bleu_counts(image)));
  return with_mean(std::move(each));
}

}  // namespace saccade::envs::captions
