#include "envs/digits/strokes.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>

#include "core/errors.hpp"
#include "envs/digits/skeletons.hpp"
#include "tests/support/catch.hpp"

namespace saccade::envs {
namespace {

constexpr random::Purpose purpose{"test digits"};

DigitImage digit(int label, std::uint64_t index, std::uint64_t seed = 1) {
  random::Stream stream{seed, purpose, static_cast<std::uint64_t>(label), index};
  return draw_digit(label, stream);
}

double ink_fraction(const DigitImage& image) {
  return std::accumulate(image.begin(), image.end(), 0.0) / (255.0 * static_cast<double>(image.size()));
}

struct Extent {
  std::size_t left = digit_side, right = 0, top = digit_side, bottom = 0;
};

Extent extent_of_ink(const DigitImage& image) {
  Extent extent;
  for (std::size_t i = 0; i < image.size(); ++i) {
    if (image[i] == 0) continue;
    extent.left = std::min(extent.left, i % digit_side);
    extent.right = std::max(extent.right, i % digit_side);
    extent.top = std::min(extent.top, i / digit_side);
    extent.bottom = std::max(extent.bottom, i / digit_side);
  }
  return extent;
}

/// How far the centre of mass lies from the centre of the picture, in pixels, along the axis where it is farther.
double mass_offset(const DigitImage& image) {
  double mass = 0;
  double x = 0;
  double y = 0;
  for (std::size_t i = 0; i < image.size(); ++i) {
    mass += image[i];
    x += image[i] * (static_cast<double>(i % digit_side) + 0.5);
    const std::size_t row = i / digit_side;
    y += image[i] * (static_cast<double>(row) + 0.5);
  }
  const double centre = digit_side / 2.0;
  return std::max(std::abs(x / mass - centre), std::abs(y / mass - centre));
}

using Mean = std::array<double, digit_side * digit_side>;

Mean mean_digit(int label, std::uint64_t count) {
  Mean mean{};
  for (std::uint64_t index = 0; index < count; ++index) {
    const DigitImage image = digit(label, index);
    for (std::size_t i = 0; i < mean.size(); ++i) mean[i] += image[i] / static_cast<double>(count);
  }
  return mean;
}

int nearest(const std::array<Mean, 10>& means, const DigitImage& image) {
  int best = -1;
  double least = std::numeric_limits<double>::infinity();
  for (int label = 0; label < 10; ++label) {
    const Mean& mean = means[static_cast<std::size_t>(label)];
    double distance = 0;
    for (std::size_t i = 0; i < mean.size(); ++i) distance += (image[i] - mean[i]) * (image[i] - mean[i]);
    if (distance < least) {
      least = distance;
      best = label;
    }
  }
  return best;
}

TEST_CASE("a digit depends on the label and the stream alone", "[digits]") {
  for (int label = 0; label < 10; ++label) {
    CAPTURE(label);
    CHECK(digit(label, 3) == digit(label, 3));
    CHECK(digit(label, 3) != digit(label, 4));
    CHECK(digit(label, 3, 1) != digit(label, 3, 2));
  }
}

TEST_CASE("a stream that is used again draws another digit", "[digits]") {
  random::Stream stream{1, purpose};
  const DigitImage first = draw_digit(5, stream);
  const DigitImage second = draw_digit(5, stream);
  const DigitImage third = draw_digit(5, stream);
  CHECK(first != second);
  CHECK(second != third);
  CHECK(first != third);
}

TEST_CASE("the ink of a digit follows the recipe of MNIST", "[digits]") {
  for (int label = 0; label < 10; ++label) {
    double total_ink = 0;
    for (std::uint64_t index = 0; index < 200; ++index) {
      CAPTURE(label, index);
      const DigitImage image = digit(label, index);
      const double ink = ink_fraction(image);
      total_ink += ink;
      CHECK(ink > 0.015);
      CHECK(ink < 0.5);
      CHECK(*std::max_element(image.begin(), image.end()) > 200);
      CHECK(mass_offset(image) < 1.0);

      // The soft edge of the pen may touch one pixel more on either side of the 20x20 box.
      const Extent extent = extent_of_ink(image);
      const std::size_t width = extent.right - extent.left + 1;
      const std::size_t height = extent.bottom - extent.top + 1;
      CHECK(std::max(width, height) >= 19);
      CHECK(std::max(width, height) <= 22);
    }
    CAPTURE(label);
    CHECK(total_ink / 200 > 0.05);
    CHECK(total_ink / 200 < 0.22);
  }
}

TEST_CASE("the digits can be told apart by their mean pictures", "[digits]") {
  std::array<Mean, 10> means{};
  for (int label = 0; label < 10; ++label) means[static_cast<std::size_t>(label)] = mean_digit(label, 300);
  int right = 0;
  for (int label = 0; label < 10; ++label) {
    for (std::uint64_t index = 1000; index < 1100; ++index)
      right += nearest(means, digit(label, index)) == label ? 1 : 0;
  }
  CHECK(right > 600);  // of 1000; chance is 100
}

TEST_CASE("digits of less variation are nearer to their mean", "[digits]") {
  const auto spread = [](float variation) {
    constexpr std::size_t count = 200;
    std::array<double, digit_side * digit_side> sums{}, squares{};
    for (std::uint64_t index = 0; index < count; ++index) {
      random::Stream stream{1, purpose, 0, index};
      const DigitImage image = draw_digit(0, stream, variation);
      for (std::size_t i = 0; i < image.size(); ++i) {
        sums[i] += image[i];
        squares[i] += double{1} * image[i] * image[i];
      }
    }
    double total = 0;
    for (std::size_t i = 0; i < sums.size(); ++i) total += squares[i] / count - sums[i] / count * sums[i] / count;
    return total;
  };
  CHECK(spread(0.5F) < 0.9 * spread(1));
  CHECK(spread(0) < 0.9 * spread(0.5F));
  random::Stream one{1, purpose}, usual{1, purpose};
  CHECK(draw_digit(3, one, 1) == draw_digit(3, usual));
}

TEST_CASE("a label that is no digit is refused", "[digits]") {
  random::Stream stream{1, purpose};
  CHECK_THROWS_AS(draw_digit(-1, stream), ArgumentError);
  CHECK_THROWS_AS(draw_digit(10, stream), ArgumentError);
}

TEST_CASE("every skeleton can be drawn", "[digits]") {
  for (int label = 0; label < 10; ++label) {
    CAPTURE(label);
    CHECK_FALSE(skeletons_of(label).empty());
    for (const Skeleton& skeleton : skeletons_of(label)) {
      CHECK(skeleton.weight > 0);
      CHECK_FALSE(skeleton.strokes.empty());
      for (const Stroke& stroke : skeleton.strokes) CHECK(stroke.size() >= 2);
    }
  }
}

}  // namespace
}  // namespace saccade::envs
