#include "envs/captions/metrics/rouge.hpp"

#include <algorithm>

namespace saccade::envs::captions {
namespace {

constexpr double beta = 1.2;

using Words = std::span<const std::uint32_t>;

/// lengths[j] is that of the prefix of `a` seen so far and the first j words of `b`.
std::size_t longest_common_subsequence(Words a, Words b) {
  std::vector<std::size_t> lengths(b.size() + 1, 0);
  for (const std::uint32_t word : a) {
    std::size_t diagonal = 0;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t above = lengths[j + 1];
      lengths[j + 1] = word == b[j] ? diagonal + 1 : std::max(above, lengths[j]);
      diagonal = above;
    }
  }
  return lengths.back();
}

double share(std::size_t part, Words whole) {
  return whole.empty() ? 0 : static_cast<double>(part) / static_cast<double>(whole.size());
}

double score(const JudgedImage& image) {
  double precision = 0;
  double recall = 0;
  for (const Sentence& reference : image.references) {
    const std::size_t common = longest_common_subsequence(image.candidate.words, reference.words);
    precision = std::max(precision, share(common, image.candidate.words));
    recall = std::max(recall, share(common, reference.words));
  }
  if (precision == 0 || recall == 0) return 0;
  return (1 + beta * beta) * precision * recall / (recall + beta * beta * precision);
}

}  // namespace

ImageScores rouge_l(const Corpus& corpus) {
  std::vector<double> each;
  for (const JudgedImage& image : corpus.images()) each.push_back(score(image));
  return with_mean(std::move(each));
}

}  // namespace saccade::envs::captions
