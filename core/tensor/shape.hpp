#pragma once

#include <array>
#include <cstddef>
#include <initializer_list>
#include <span>
#include <string>

namespace saccade {

/// The extents of a dense row-major array, outermost first. At most six axes, kept in place: making one never
/// allocates.
class Shape {
 public:
  static constexpr std::size_t max_rank = 6;

  constexpr Shape() = default;
  /// @throws ShapeError for more than max_rank axes.
  constexpr Shape(std::initializer_list<std::size_t> extents) : Shape(std::span{extents.begin(), extents.size()}) {}
  /// @throws ShapeError for more than max_rank axes.
  constexpr explicit Shape(std::span<const std::size_t> extents) : rank_{extents.size()} {
    if (rank_ > max_rank) throw_rank_error(rank_);
    for (std::size_t axis = 0; axis < rank_; ++axis) extents_[axis] = extents[axis];
  }

  [[nodiscard]] constexpr std::size_t rank() const { return rank_; }
  /// Extent of one axis; `axis` must be below rank().
  [[nodiscard]] constexpr std::size_t operator[](std::size_t axis) const { return extents_[axis]; }
  /// Number of elements: the product of the extents, 1 for rank 0.
  [[nodiscard]] constexpr std::size_t size() const {
    std::size_t product = 1;
    for (const std::size_t extent : *this) product *= extent;
    return product;
  }
  [[nodiscard]] constexpr const std::size_t* begin() const { return extents_.data(); }
  [[nodiscard]] constexpr const std::size_t* end() const { return extents_.data() + rank_; }

  /// This shape with one more axis in front: [n, ...].
  [[nodiscard]] Shape prepended(std::size_t n) const;
  /// This shape without its first axis.
  [[nodiscard]] Shape without_first() const;

  friend constexpr bool operator==(const Shape&, const Shape&) = default;

 private:
  [[noreturn]] static void throw_rank_error(std::size_t rank);

  std::array<std::size_t, max_rank> extents_{};
  std::size_t rank_ = 0;
};

/// "[64, 28, 28, 1]".
[[nodiscard]] std::string to_string(const Shape& shape);

}  // namespace saccade
