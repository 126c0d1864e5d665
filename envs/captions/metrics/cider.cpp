#include "envs/captions/metrics/cider.hpp"

#include <algorithm>
#include <cmath>

namespace saccade::envs::captions {
namespace {

constexpr double sigma = 6;
constexpr double scale = 10;

enum class Kind { plain, clipped };

/// log(N / max(1, df)) of each n-gram of one order.
std::vector<double> inverse_frequencies(const Corpus& corpus, std::size_t n) {
  std::vector<std::size_t> frequency(corpus.ngrams(n), 0);
  std::vector<std::size_t> last_image(corpus.ngrams(n), 0);
  std::size_t image_number = 0;
  for (const JudgedImage& image : corpus.images()) {
    ++image_number;
    for (const Sentence& reference : image.references) {
      for (const NgramCount& some : reference.ngrams[n - 1]) {
        if (last_image[some.ngram] == image_number) continue;
        last_image[some.ngram] = image_number;
        ++frequency[some.ngram];
      }
    }
  }
  std::vector<double> weights;
  for (const std::size_t f : frequency) {
    weights.push_back(std::log(static_cast<double>(image_number) / static_cast<double>(std::max<std::size_t>(f, 1))));
  }
  return weights;
}

class Similarity {
 public:
  Similarity(const Corpus& corpus, std::size_t n, Kind kind)
      : n_{n}, kind_{kind}, weights_{inverse_frequencies(corpus, n)} {}

  [[nodiscard]] double operator()(const Sentence& candidate, const Sentence& reference) const {
    const double norms = norm(candidate) * norm(reference);
    if (norms == 0) return 0;
    const double cosine = dot(candidate.ngrams[n_ - 1], reference.ngrams[n_ - 1]) / norms;
    return kind_ == Kind::plain ? cosine : cosine * length_penalty(candidate, reference);
  }

 private:
  [[nodiscard]] double value(const NgramCount& some) const { return some.count * weights_[some.ngram]; }

  [[nodiscard]] double norm(const Sentence& sentence) const {
    double sum = 0;
    for (const NgramCount& some : sentence.ngrams[n_ - 1]) sum += value(some) * value(some);
    return std::sqrt(sum);
  }

  [[nodiscard]] double dot(const std::vector<NgramCount>& candidate, const std::vector<NgramCount>& reference) const {
    double sum = 0;
    auto other = reference.begin();
    for (const NgramCount& some : candidate) {
      while (other != reference.end() && other->ngram < some.ngram) ++other;
      if (other == reference.end() || other->ngram != some.ngram) continue;
      const double theirs = value(*other);
      sum += theirs * (kind_ == Kind::plain ? value(some) : std::min(value(some), theirs));
    }
    return sum;
  }

  static double length_penalty(const Sentence& candidate, const Sentence& reference) {
    const double difference = static_cast<double>(candidate.words.size()) - static_cast<double>(reference.words.size());
    return std::exp(-difference * difference / (2 * sigma * sigma));
  }

  std::size_t n_;
  Kind kind_;
  std::vector<double> weights_;
};

ImageScores consensus(const Corpus& corpus, Kind kind) {
  std::vector<double> each(corpus.images().size(), 0);
  for (std::size_t n = 1; n <= max_order; ++n) {
    const Similarity similarity(corpus, n, kind);
    for (std::size_t i = 0; i < each.size(); ++i) {
      const JudgedImage& image = corpus.images()[i];
      double sum = 0;
      for (const Sentence& reference : image.references) sum += similarity(image.candidate, reference);
      each[i] += scale * sum / static_cast<double>(max_order * image.references.size());
    }
  }
  return with_mean(std::move(each));
}

}  // namespace

ImageScores cider(const Corpus& corpus) { return consensus(corpus, Kind::plain); }
ImageScores cider_d(const Corpus& corpus) { return consensus(corpus, Kind::clipped); }

}  // namespace saccade::envs::captions
