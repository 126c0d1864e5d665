#pragma once

#include <cstdint>
#include <span>

#include "core/autograd/tape.hpp"

namespace saccade::ops {

/// Rows of a table, one for each word; a negative word stands for none and reads as zeros.
///
///   y[n, e]       = table[words[n], e]
///   d_table[v, e] = sum_n [words[n] = v] d_y[n, e]
///
/// Backward adds to the rows that were read. The first of them on a tape clears the whole gradient, which every reader
/// of it takes for complete: that is one pass of writing, against those of the sum over shards and of the optimiser.
///
/// @param table  [V, E]
/// @param words  N words below V; copied
/// @return       [N, E]
/// @throws ShapeError  unless the table has rank 2; ArgumentError for a word of V or above
[[nodiscard]] Variable embedding(const Variable& table, std::span<const std::int32_t> words);

}  // namespace saccade::ops
