#pragma once

#include "envs/captions/metrics/alignment.hpp"
#include "envs/captions/metrics/corpus.hpp"

namespace saccade::envs::captions {

/// Parameters of METEOR.
struct MeteorParameters {
  double alpha;        ///< weight of recall against precision in their harmonic mean
  double beta;         ///< shape of the fragmentation penalty
  double gamma;        ///< the largest fragmentation penalty
  double stem_weight;  ///< what a pair of words counts that have only their stem in common; equal words count 1
  bool whole_is_free;  ///< a candidate that is its reference word for word has no fragmentation penalty
};

/// Of the first METEOR (Banerjee and Lavie 2005).
inline constexpr MeteorParameters meteor_2005{0.9, 3, 0.5, 1, false};

/// Of METEOR 1.5 for English (Denkowski and Lavie 2014), which papers on captions have reported since 2014; on a scale
/// of its own, about half of the other. METEOR 1.5 also tells function words from others by a list; here all are alike.
inline constexpr MeteorParameters meteor_2014{0.85, 0.2, 0.6, 0.6, true};

/// "METEOR (exact, stem)": the score of METEOR from its first two stages, equal words and equal Snowball stems. The
/// stages for synonyms (WordNet) and paraphrases are left out, for they need their tables; so these numbers are not
/// those of papers, and say so by their name: lower for want of stages, higher for counting function words fully.
///
/// Candidate c and reference r are aligned (alignment.hpp): m pairs of words in ch chunks, weighing
/// w = exact + stem_weight stem. Then
///
///     P = w / |c|      R = w / |r|      F = P R / (alpha P + (1 - alpha) R)
///     score = F (1 - gamma (ch / m)^beta),  0 if m is 0
///
/// An image has the score of its best reference. The corpus has the same formula with every quantity summed over
/// images, each with its best reference, as METEOR gives a system its score; `images` holds scores and mean of single
/// images. With meteor_2014 a corpus of right captions scores below 1, as every image is a chunk of its own.
struct Meteor {
  double corpus = 0;
  ImageScores images;
};

/// What a score is made of. Counts of several images add up to those of all.
struct MeteorCounts {
  Alignment alignment;
  std::size_t candidate_length = 0;
  std::size_t reference_length = 0;

  MeteorCounts& operator+=(const MeteorCounts& other);
};

/// Of each image with its best reference, the first of equally good ones.
[[nodiscard]] std::vector<MeteorCounts> meteor_counts(const Corpus& corpus,
                                                      const MeteorParameters& parameters = meteor_2014);
[[nodiscard]] double meteor_score(const MeteorCounts& counts, const MeteorParameters& parameters = meteor_2014);
[[nodiscard]] Meteor meteor_exact_stem(const Corpus& corpus, const MeteorParameters& parameters = meteor_2014);

}  // namespace saccade::envs::captions
