#include "core/attention/retina.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>

#include "core/errors.hpp"
#include "core/tensor/checks.hpp"

namespace saccade::attention {
namespace {

/// One axis of one patch: cell j covers [start + j factor, start + (j + 1) factor) in pixels.
struct Axis {
  std::ptrdiff_t first;  // floor(start)
  std::size_t factor;    // pixels a cell
  bool half;             // start lies between two pixels' edges
  std::size_t extent;    // of the image

  [[nodiscard]] std::size_t taps() const { return factor + (half ? 1 : 0); }
  /// Share of tap t of a cell, the shares of a cell sum to `factor`.
  [[nodiscard]] Real weight(std::size_t tap) const { return half && (tap == 0 || tap == factor) ? Real{0.5} : Real{1}; }
  /// Pixel of tap t of cell j; may lie outside the image.
  [[nodiscard]] std::ptrdiff_t pixel(std::size_t cell, std::size_t tap) const {
    return first + static_cast<std::ptrdiff_t>(cell * factor + tap);
  }
  [[nodiscard]] bool inside(std::ptrdiff_t at) const { return at >= 0 && at < static_cast<std::ptrdiff_t>(extent); }
};

Axis make_axis(Real location, std::size_t extent, std::size_t size, std::size_t scale) {
  const std::size_t factor = std::size_t{1} << scale;
  const auto finest = first_pixel(location, extent, size);
  const auto twice_start = 2 * finest + static_cast<std::ptrdiff_t>(size) - static_cast<std::ptrdiff_t>(size * factor);
  const bool half = twice_start % 2 != 0;
  return {(twice_start - (half ? 1 : 0)) / 2, factor, half, extent};
}

/// Shape of the images and the patches, and memory for one row of column sums.
struct Reader {
  std::size_t height, width, channels, size;
  Real background;
  std::span<Real> columns;  // at least (size * factor + 1) * channels

  /// The part of a patch's pixel columns that lies in the image, as numbers [begin, end) of the patch's row.
  struct Range {
    std::size_t begin, end;
  };
  [[nodiscard]] Range columns_inside(const Axis& x, std::size_t count) const {
    const auto all = static_cast<std::ptrdiff_t>(count);
    const std::ptrdiff_t left = std::clamp<std::ptrdiff_t>(-x.first, 0, all);
    const std::ptrdiff_t right = std::clamp<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(width) - x.first, left, all);
    return {static_cast<std::size_t>(left) * channels, static_cast<std::size_t>(right) * channels};
  }

  /// Where number `begin` of the patch's row lies in a row of the image.
  [[nodiscard]] const Real* row_at(const Real* image, const Axis& x, std::ptrdiff_t row, std::size_t begin) const {
    return image + ((row * static_cast<std::ptrdiff_t>(width) + x.first) * static_cast<std::ptrdiff_t>(channels) +
                    static_cast<std::ptrdiff_t>(begin));
  }

  /// Sum over the taps of cell row i of every pixel column that the patch covers.
  void sum_rows(const Real* image, const Axis& y, const Axis& x, std::size_t cell, std::size_t count) const {
    const auto [begin, end] = columns_inside(x, count);
    const Real outside = background * static_cast<Real>(y.factor);
    Real* sums = columns.data();
    std::fill(sums, sums + begin, outside);
    std::fill(sums + end, sums + count * channels, outside);
    if (begin == end) return;
    const std::ptrdiff_t first = y.pixel(cell, 0);
    if (!y.half && y.inside(first) && y.inside(first + static_cast<std::ptrdiff_t>(y.factor) - 1)) {
      sum_inner_rows(image, y.factor, x, first, begin, end);
      return;
    }
    std::fill(sums + begin, sums + end, Real{0});
    for (std::size_t tap = 0; tap < y.taps(); ++tap) {
      const std::ptrdiff_t row = y.pixel(cell, tap);
      const Real weight = y.weight(tap);
      if (!y.inside(row)) {
        for (std::size_t i = begin; i < end; ++i) sums[i] += weight * background;
        continue;
      }
      const Real* source = row_at(image, x, row, begin);
      for (std::size_t i = begin; i < end; ++i) sums[i] += weight * source[i - begin];
    }
  }

  /// The usual case: whole rows, two at a time, all of them in the image.
  void sum_inner_rows(const Real* image, std::size_t rows, const Axis& x, std::ptrdiff_t first, std::size_t begin,
                      std::size_t end) const {
    const std::size_t stride = width * channels;
    const std::size_t count = end - begin;
    const Real* source = row_at(image, x, first, begin);
    Real* sums = columns.data() + begin;
#pragma GCC ivdep
    for (std::size_t i = 0; i < count; ++i) sums[i] = source[i] + source[i + stride];
    for (std::size_t tap = 2; tap < rows; tap += 2) {
      source += 2 * stride;
#pragma GCC ivdep
      for (std::size_t i = 0; i < count; ++i) sums[i] += source[i] + source[i + stride];
    }
  }

  /// Folds the column sums into the cells of one patch row.
  void fold_columns(const Axis& x, Real* cells) const {
    const Real share = Real{1} / static_cast<Real>(x.factor * x.factor);
    if (x.half) {
      fold_halves(x, share, cells);
      return;
    }
    std::size_t count = size * x.factor / 2;
    for (; count > size; count /= 2) add_neighbours(columns.data(), columns.data(), count, 1);
    add_neighbours(columns.data(), cells, count, share);
  }

  /// to[i] = factor (from[2 i] + from[2 i + 1]) for i below count; `to` may be `from`.
  void add_neighbours(const Real* from, Real* to, std::size_t count, Real factor) const {
    if (channels == 1) {
#pragma GCC ivdep
      for (std::size_t i = 0; i < count; ++i) to[i] = factor * (from[2 * i] + from[2 * i + 1]);
      return;
    }
    for (std::size_t i = 0; i < count; ++i) {
      for (std::size_t c = 0; c < channels; ++c) {
        to[i * channels + c] = factor * (from[2 * i * channels + c] + from[(2 * i + 1) * channels + c]);
      }
    }
  }

  /// Where cells begin between pixels, and share one with each neighbour.
  void fold_halves(const Axis& x, Real share, Real* cells) const {
    for (std::size_t j = 0; j < size; ++j) {
      for (std::size_t c = 0; c < channels; ++c) {
        Real total = 0;
        for (std::size_t tap = 0; tap < x.taps(); ++tap) {
          total += x.weight(tap) * columns[(j * x.factor + tap) * channels + c];
        }
        cells[j * channels + c] = total * share;
      }
    }
  }

  void read_patch(const Real* image, const Axis& y, const Axis& x, Real* patch) const {
    const std::size_t count = size * x.factor + (x.half ? 1 : 0);
    for (std::size_t i = 0; i < size; ++i) {
      sum_rows(image, y, x, i, count);
      fold_columns(x, patch + i * size * channels);
    }
  }

  /// The finest scale is a copy.
  void copy_patch(const Real* image, const Axis& y, const Axis& x, Real* patch) const {
    const auto [begin, end] = columns_inside(x, size);
    const std::size_t stride = size * channels;
    for (std::size_t i = 0; i < size; ++i, patch += stride) {
      const std::ptrdiff_t row = y.pixel(i, 0);
      if (!y.inside(row) || begin == end) {
        std::fill_n(patch, stride, background);
        continue;
      }
      const Real* source = row_at(image, x, row, begin);
      for (std::size_t k = 0; k < begin; ++k) patch[k] = background;
      for (std::size_t k = begin; k < end; ++k) patch[k] = source[k - begin];
      for (std::size_t k = end; k < stride; ++k) patch[k] = background;
    }
  }

  /// Transpose of read_patch: adds d_patch's shares to d_image.
  void spread_patch(const Real* d_patch, const Axis& y, const Axis& x, Real* d_image) const {
    const Real share = Real{1} / static_cast<Real>(x.factor * x.factor);
    for (std::size_t i = 0; i < size; ++i) {
      for (std::size_t j = 0; j < size; ++j)
        spread_cell(d_patch + (i * size + j) * channels, y, x, i, j, share, d_image);
    }
  }

  void spread_cell(const Real* d_cell, const Axis& y, const Axis& x, std::size_t i, std::size_t j, Real share,
                   Real* d_image) const {
    for (std::size_t v = 0; v < y.taps(); ++v) {
      for (std::size_t u = 0; u < x.taps(); ++u) {
        const std::ptrdiff_t row = y.pixel(i, v);
        const std::ptrdiff_t column = x.pixel(j, u);
        if (!y.inside(row) || !x.inside(column)) continue;
        const Real weight = share * y.weight(v) * x.weight(u);
        Real* pixel = d_image + (static_cast<std::size_t>(row) * width + static_cast<std::size_t>(column)) * channels;
        for (std::size_t c = 0; c < channels; ++c) pixel[c] += weight * d_cell[c];
      }
    }
  }
};

void check_arguments(const TensorView& images, const TensorView& locations, const RetinaGeometry& geometry) {
  check_rank("retina", "images", images, 4);
  check_shape("retina", "locations", locations, {images.dim(0), 2});
  if (geometry.size == 0) throw ArgumentError("retina: size must be at least 1, got 0");
  if (geometry.scales < 1 || geometry.scales > 16) {
    throw ArgumentError(fmt::format("retina: scales must be in 1..16, got {}", geometry.scales));
  }
  if (images.dim(1) * images.dim(2) * images.dim(3) == 0) {
    throw ArgumentError(fmt::format("retina: images must have pixels, got shape {}", to_string(images.shape())));
  }
  for (const Real location : locations.span()) {
    if (!(location >= -1 && location <= 1)) {
      throw ArgumentError(fmt::format("retina: locations must be in [-1, 1], got {}", location));
    }
  }
}

/// Calls visit(reader, image offset, y axis, x axis, patch offset) for every image and scale.
template <typename Visit>
void for_each_patch(Tape& tape, const TensorView& images, const TensorView& locations, const RetinaGeometry& geometry,
                    const Visit& visit) {
  const std::size_t channels = images.dim(3);
  const std::size_t widest = (geometry.size << (geometry.scales - 1)) + 1;
  const TensorView columns = tape.arena().tensor({widest * channels});
  const Reader reader{images.dim(1), images.dim(2), channels, geometry.size, geometry.background, columns.span()};
  const std::size_t image_size = images.size() / std::max<std::size_t>(images.dim(0), 1);
  const std::size_t patch_size = geometry.size * geometry.size * channels;
  for (std::size_t b = 0; b < images.dim(0); ++b) {
    for (std::size_t s = 0; s < geometry.scales; ++s) {
      const Axis x = make_axis(locations(b, 0), reader.width, geometry.size, s);
      const Axis y = make_axis(locations(b, 1), reader.height, geometry.size, s);
      visit(reader, b * image_size, y, x, (b * geometry.scales + s) * patch_size);
    }
  }
}

}  // namespace

std::ptrdiff_t first_pixel(Real location, std::size_t extent, std::size_t size) {
  const Real centre = (location + 1) / 2 * static_cast<Real>(extent);
  return static_cast<std::ptrdiff_t>(std::floor(centre - static_cast<Real>(size) / 2 + Real{0.5}));
}

Variable retina(const Variable& images, const TensorView& locations, const RetinaGeometry& geometry) {
  check_arguments(images.value(), locations, geometry);
  Tape& tape = images.tape();
  const Shape& shape = images.shape();
  const Variable y = tape.result({shape[0], geometry.scales, geometry.size, geometry.size, shape[3]}, {images});
  const auto read = [&](const Reader& reader, std::size_t image, const Axis& v, const Axis& u, std::size_t patch) {
    const Real* source = images.value().data() + image;
    Real* target = y.value().data() + patch;
    u.factor == 1 ? reader.copy_patch(source, v, u, target) : reader.read_patch(source, v, u, target);
  };
  for_each_patch(tape, images.value(), locations, geometry, read);
  tape.record(y, [images, locations, geometry, y] {
    const GradientTarget target = gradient_target(images);
    if (!target.add) fill(target.view, 0);
    const auto spread = [&](const Reader& reader, std::size_t image, const Axis& v, const Axis& u, std::size_t patch) {
      reader.spread_patch(y.grad().data() + patch, v, u, target.view.data() + image);
    };
    for_each_patch(images.tape(), images.value(), locations, geometry, spread);
  });
  return y;
}

}  // namespace saccade::attention
