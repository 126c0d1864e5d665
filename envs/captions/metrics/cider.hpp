#pragma once

#include "envs/captions/metrics/corpus.hpp"

namespace saccade::envs::captions {

/// CIDEr (Vedantam et al. 2015), in [0, 10]. With h(w, s) how often the n-gram w is in sentence s, N images, and df(w)
/// the images with a reference that holds w,
///
///     g_w(s) = h(w, s) log(N / max(1, df(w)))
///     CIDEr  = 10 mean over n = 1..4, and over references r, of  g(c) . g(r) / (|g(c)| |g(r)|);   0 for a zero vector
///
/// Document frequencies are those of this corpus: captions of one image alone score 0, and scores of different corpora
/// do not compare. The paper stems words first; here they are compared as they are, as in the authors' released code.
/// Pass stemmed words (stemmer.hpp) for the other.
[[nodiscard]] ImageScores cider(const Corpus& corpus);

/// CIDEr-D, the one that the COCO caption evaluation reports under the name of CIDEr:
///
///     10 mean over n, r of  exp(-(|c| - |r|)^2 / (2 s^2))  sum_w min(g_w(c), g_w(r)) g_w(r) / (|g(c)| |g(r)|),  s = 6
///
/// with |c| and |r| in words.
[[nodiscard]] ImageScores cider_d(const Corpus& corpus);

}  // namespace saccade::envs::captions
