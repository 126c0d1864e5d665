#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "envs/captions/digit_layout.hpp"
#include "envs/captions/vocabulary.hpp"

namespace saccade::envs::captions {

/// How a digit lies to the next one of its scene, in reading order.
enum class DigitRelation { left_of, directly_above, diagonally_above };

/// left_of: both are in one row; directly_above: in one column; else diagonally_above.
/// @param first, second  in reading order
[[nodiscard]] DigitRelation relation(const PlacedDigit& first, const PlacedDigit& second);

/// Captions of scenes of digits. A scene has exactly one: its digits are named in reading order, row by row from the
/// top, each from the left, and every relation is that of the two digits beside it.
///
///     caption  = digit { relation digit }
///     digit    = "a" size class
///     size     = "large" | "small"
///     class    = "zero" | "one" | "two" | "three" | "four" | "five" | "six" | "seven" | "eight" | "nine"
///     relation = "left of" | "directly above" | "diagonally above"
///
///     a large seven directly above a small three
///     a small two left of a large nine diagonally above a large four
///
/// The second says: in one row a small two and, to its right, a large nine; in a lower row, and another column than the
/// nine's, a large four. n digits take 5 n - 2 words.
class DigitGrammar {
 public:
  /// All words of the grammar in the order of the alphabet.
  [[nodiscard]] static Vocabulary vocabulary();
  /// Words of a caption, without the end.
  [[nodiscard]] static std::size_t length(std::size_t digits) { return 5 * digits - 2; }

  /// @param vocabulary  knows all words of the grammar
  explicit DigitGrammar(const Vocabulary& vocabulary);

  /// The caption of a scene and its end, in place of what `words` held. Makes no heap allocation where that has room.
  void describe(const DigitScene& scene, std::vector<std::int32_t>& words) const;
  /// The digit that a word names; none for other words.
  [[nodiscard]] std::optional<std::uint8_t> digit(std::int32_t word) const;

 private:
  std::int32_t article_;
  std::array<std::int32_t, 2> sizes_{};                       // small, large
  std::array<std::int32_t, 10> digits_{};                     // zero to nine
  std::array<std::array<std::int32_t, 2>, 3> relations_{{}};  // in the order of DigitRelation
};

}  // namespace saccade::envs::captions
