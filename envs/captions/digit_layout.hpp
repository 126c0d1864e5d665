#pragma once

#include <array>
#include <span>

#include "core/random/stream.hpp"
#include "core/rl/judge.hpp"
#include "envs/images.hpp"

namespace saccade::envs::captions {

/// Scenes of digits lie on a grid of so many cells each way.
inline constexpr std::size_t digit_grid = 3;
inline constexpr std::size_t digit_cells = digit_grid * digit_grid;

/// A digit of a scene.
struct PlacedDigit {
  std::size_t cell = 0;    ///< 0 to 8, in reading order: row by row from the top, each from the left
  std::size_t image = 0;   ///< index in its split of the sources
  std::uint8_t label = 0;  ///< which digit it is
  bool large = false;
  std::size_t top = 0;  ///< the square that it fills, pixels of the picture
  std::size_t left = 0;
  std::size_t side = 0;

  [[nodiscard]] std::size_t row() const { return cell / digit_grid; }
  [[nodiscard]] std::size_t column() const { return cell % digit_grid; }
};

/// The digits of a picture in reading order, no two in one cell.
class DigitScene {
 public:
  void add(const PlacedDigit& digit) { digits_.at(count_++) = digit; }
  [[nodiscard]] std::span<const PlacedDigit> digits() const { return std::span(digits_).first(count_); }

 private:
  std::array<PlacedDigit, digit_cells> digits_{};
  std::size_t count_ = 0;
};

/// Where digits can lie in a square picture. In whole pixels, rounded down,
///
///     cell  = side / 3          large = cell * 8 / 9          small = large * 5 / 8
///
/// so 18, 16 and 10 at a side of 56; what the cells leave over is shared by both edges of the picture. A digit lies
/// anywhere in its cell but for the last row and column of pixels: digits neither overlap nor touch.
class DigitLayout {
 public:
  /// @param side  of the picture, pixels; 24 or more
  explicit DigitLayout(std::size_t side) : side_{side}, cell_{side / digit_grid} {}

  [[nodiscard]] std::size_t side() const { return side_; }
  [[nodiscard]] std::size_t digit_side(bool large) const;

  /// A scene of `count` digits, each choice uniform and independent: the cells, and for each digit in reading order its
  /// image, its size, and its place in the cell, down and to the right. Makes no heap allocation.
  /// @param count    1 to 9
  /// @param sources  not empty
  [[nodiscard]] DigitScene draw(std::size_t count, const ImageSet& sources, random::Stream& stream) const;

  /// The square that a digit fills.
  [[nodiscard]] rl::Box box(const PlacedDigit& digit) const;

 private:
  [[nodiscard]] PlacedDigit place(std::size_t cell, const ImageSet& sources, random::Stream& stream) const;

  std::size_t side_;
  std::size_t cell_;
};

}  // namespace saccade::envs::captions
