#pragma once

#include <cstdint>
#include <span>

namespace saccade::envs::captions {

/// How a candidate and a reference go together word by word.
struct Alignment {
  std::size_t exact = 0;   ///< pairs of equal words
  std::size_t stem = 0;    ///< pairs of other words with equal stems
  std::size_t chunks = 0;  ///< runs of pairs that are adjacent and in the same order on both sides

  [[nodiscard]] std::size_t pairs() const { return exact + stem; }
};

/// Pairs every word with at most one of the other side: of the pairings with most pairs, then with most exact ones, one
/// with fewest chunks. Pairs of words are found exactly; chunks too, unless more than `beam` ways to pair the words so
/// far must be told apart, of which then those with fewest chunks are kept. Captions stay below that; a word that is
/// repeated all the time does not.
///
/// @param stems  the number of the stem of each word, by the word's number
[[nodiscard]] Alignment align(std::span<const std::uint32_t> candidate, std::span<const std::uint32_t> reference,
                              std::span<const std::uint32_t> stems, std::size_t beam = 128);

}  // namespace saccade::envs::captions
