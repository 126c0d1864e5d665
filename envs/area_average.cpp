#include "envs/area_average.hpp"

#include <algorithm>
#include <array>

namespace saccade::envs {
namespace {

/// Cuts an axis at the edges of all pixels of source and result, and goes from piece to piece. In its units a pixel of
/// the source is `side` wide, one of the result `from` wide.
class Pieces {
 public:
  Pieces(std::size_t from, std::size_t side) : from_{from}, side_{side}, source_end_{side}, target_end_{from} {}

  [[nodiscard]] bool left() const { return target_ < side_; }
  [[nodiscard]] std::size_t source() const { return source_; }
  [[nodiscard]] std::size_t target() const { return target_; }
  [[nodiscard]] std::uint32_t width() const { return static_cast<std::uint32_t>(end() - begin_); }
  [[nodiscard]] bool ends_target() const { return target_end_ <= source_end_; }

  void advance() {
    begin_ = end();
    if (source_end_ == begin_) {
      ++source_;
      source_end_ += side_;
    }
    if (target_end_ == begin_) {
      ++target_;
      target_end_ += from_;
    }
  }

 private:
  [[nodiscard]] std::size_t end() const { return std::min(source_end_, target_end_); }

  std::size_t from_;
  std::size_t side_;
  std::size_t begin_ = 0;
  std::size_t source_ = 0;
  std::size_t target_ = 0;
  std::size_t source_end_;
  std::size_t target_end_;
};

/// Sums over rows, for each column of a square.
using Sums = std::array<std::uint32_t, area_average_limit>;

/// Adds row k of a square; what is beyond the image is 0.
void add_row(const GreyImage& image, const Square& from, std::size_t k, std::uint32_t weight, Sums& sums) {
  const std::ptrdiff_t y = from.top + static_cast<std::ptrdiff_t>(k);
  if (y < 0 || y >= static_cast<std::ptrdiff_t>(image.height)) return;
  const auto side = static_cast<std::ptrdiff_t>(from.side);
  const std::ptrdiff_t begin = std::clamp<std::ptrdiff_t>(-from.left, 0, side);
  const std::ptrdiff_t end = std::clamp(static_cast<std::ptrdiff_t>(image.width) - from.left, begin, side);
  const std::uint8_t* row = image.pixels + y * static_cast<std::ptrdiff_t>(image.width) + from.left;
  for (std::ptrdiff_t l = begin; l < end; ++l) sums[static_cast<std::size_t>(l)] += weight * row[l];
}

void write_row(const Sums& sums, std::size_t from, std::size_t side, Real* to) {
  const Real scale = Real{1} / static_cast<Real>(255 * from * from);
  std::uint32_t sum = 0;
  for (Pieces columns(from, side); columns.left(); columns.advance()) {
    sum += columns.width() * sums[columns.source()];
    if (!columns.ends_target()) continue;
    to[columns.target()] = static_cast<Real>(sum) * scale;
    sum = 0;
  }
}

struct Bounds {
  std::size_t top, bottom, left, right;
};

Bounds ink_bounds(const GreyImage& image) {
  Bounds ink{image.height, 0, image.width, 0};
  for (std::size_t y = 0; y < image.height; ++y) {
    const std::uint8_t* row = image.pixels + y * image.width;
    for (std::size_t x = 0; x < image.width; ++x) {
      if (row[x] == 0) continue;
      ink = {std::min(ink.top, y), y + 1, std::min(ink.left, x), std::max(ink.right, x + 1)};
    }
  }
  return ink;
}

}  // namespace

Square ink_square(const GreyImage& image) {
  const Bounds ink = ink_bounds(image);
  if (ink.bottom == 0) return {};
  const std::size_t height = ink.bottom - ink.top;
  const std::size_t width = ink.right - ink.left;
  const std::size_t side = std::max(height, width);
  return {static_cast<std::ptrdiff_t>(ink.top) - static_cast<std::ptrdiff_t>((side - height) / 2),
          static_cast<std::ptrdiff_t>(ink.left) - static_cast<std::ptrdiff_t>((side - width) / 2), side};
}

void area_average(const GreyImage& image, const Square& from, std::size_t side, Real* to, std::size_t stride) {
  Sums sums{};
  for (Pieces rows(from.side, side); rows.left(); rows.advance()) {
    add_row(image, from, rows.source(), rows.width(), sums);
    if (!rows.ends_target()) continue;
    write_row(sums, from.side, side, to + rows.target() * stride);
    std::fill_n(sums.begin(), from.side, std::uint32_t{0});
  }
}

}  // namespace saccade::envs
