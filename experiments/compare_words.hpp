#pragma once

#include <string>
#include <vector>

#include "experiments/compare.hpp"

namespace saccade::experiments {

/// What a comparison says of a difference: "significant", "significant over items only", "significant over seeds only",
/// "not significant"; where one interval could not be had, "significant over items, seeds unknown" or "significant over
/// seeds, items unknown"; where neither could, "unknown". An interval is significant that does not contain 0.
[[nodiscard]] std::string verdict(const MeasureDifference& difference);

/// How far attention is from uniform, from its entropy H in nats and the number of places L = exp(uniform_entropy): it
/// is as if spread evenly over exp(H) places. "has moved away from uniform" at half of L or less, "has not moved away
/// from uniform" at 95 % or more, "has moved a little" between.
[[nodiscard]] std::string attention_verdict(double entropy, double uniform_entropy);

/// A sentence for each pair of groups, on its first modes and the first measure; then one for each group that chooses
/// where to read or look, with its control where that is compared too.
[[nodiscard]] std::vector<std::string> comparison_in_words(const Comparison& comparison);

/// The mode of a group whose attention is told: the leading one, or the first whose attention was counted. Empty if
/// there is none.
[[nodiscard]] std::string attention_mode(const Comparison& comparison, std::size_t group);

}  // namespace saccade::experiments
