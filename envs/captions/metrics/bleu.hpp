#pragma once

#include <array>

#include "envs/captions/metrics/corpus.hpp"

namespace saccade::envs::captions {

/// BLEU-1 to BLEU-4 of a whole corpus (Papineni et al. 2002), in [0, 1]:
///
///     p_k    = sum over images of min(count in the candidate, largest count in one reference)
///              / sum over images of count in the candidate          for all k-grams, clipped as usual
///     plain  = (p_1 ... p_n)^(1/n)                                  as in Xu et al. 2015: "without a brevity penalty"
///     BP     = 1 if c > r, else exp(1 - r / c)
///     standard = BP plain                                           as everybody else reports it
///
/// c is the number of words of all candidates; r sums, over images, the length of the reference closest to the
/// candidate's, the shorter of two equally close ones. Nothing is smoothed: BLEU-n is 0 if no n-gram matches. The
/// tables of papers show 100 times these numbers.
struct Bleu {
  std::array<double, max_order> precision{};  ///< p_1 ... p_4; 0 if there is no such n-gram
  std::array<double, max_order> plain{};      ///< BLEU-1 ... BLEU-4 without the brevity penalty
  std::array<double, max_order> standard{};   ///< BLEU-1 ... BLEU-4 with it
  double brevity_penalty = 0;
  std::size_t candidate_length = 0;  ///< c
  std::size_t reference_length = 0;  ///< r
};

[[nodiscard]] Bleu bleu(const Corpus& corpus);

/// What BLEU is made of: the counts of a caption, or their sums over captions.
struct BleuCounts {
  std::array<std::size_t, max_order> matched{};  ///< n-grams of the candidate that a reference has too, clipped
  std::array<std::size_t, max_order> all{};      ///< n-grams of the candidate
  std::size_t candidate_length = 0;
  std::size_t reference_length = 0;  ///< of the reference closest in length

  BleuCounts& operator+=(const BleuCounts& other);
};

[[nodiscard]] BleuCounts bleu_counts(const JudgedImage& image);
[[nodiscard]] Bleu bleu(const BleuCounts& counts);

/// BLEU-4 of every caption for itself, with the brevity penalty, fit for a reward: for k > 1 both sides of p_k are
/// raised by one (Lin and Och 2004), after a caption of fewer than k words was taken to have one k-gram that does not
/// match. 0 for a caption of which no word is right.
[[nodiscard]] ImageScores sentence_bleu(const Corpus& corpus);

}  // namespace saccade::envs::captions
