#pragma once

#include "envs/captions/metrics/corpus.hpp"

namespace saccade::envs::captions {

/// ROUGE-L (Lin 2004) as captions are scored with it, in [0, 1]. With L(c, r) the length of the longest common
/// subsequence of candidate and reference,
///
///     P = max over references L(c, r) / |c|        R = max over references L(c, r) / |r|
///     score = (1 + b^2) P R / (R + b^2 P),  b = 1.2;  0 if P or R is 0
///
/// P and R may come from different references: that is the convention of the COCO caption evaluation (Chen et al.
/// 2015). A corpus has the mean over its images.
[[nodiscard]] ImageScores rouge_l(const Corpus& corpus);

}  // namespace saccade::envs::captions
