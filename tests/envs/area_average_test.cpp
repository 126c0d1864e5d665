#include "envs/area_average.hpp"

#include <numeric>
#include <vector>

#include "core/random/stream.hpp"
#include "tests/support/catch.hpp"

namespace saccade::envs {
namespace {

using Bytes = std::vector<std::uint8_t>;

/// The result in units of 1 / 255.
std::vector<double> average(const Bytes& pixels, std::size_t width, const Square& from, std::size_t side) {
  std::vector<Real> result(side * side, -1);
  area_average({pixels.data(), pixels.size() / width, width}, from, side, result.data(), side);
  std::vector<double> bytes;
  for (const Real x : result) bytes.push_back(255.0 * static_cast<double>(x));
  return bytes;
}

void check_equal(const std::vector<double>& got, const std::vector<double>& expected) {
  REQUIRE(got.size() == expected.size());
  for (std::size_t i = 0; i < got.size(); ++i) CHECK(got[i] == Approx(expected[i]).margin(1e-4));
}

TEST_CASE("areas of the size of the source are the source", "[area_average]") {
  check_equal(average({10, 20, 30, 40}, 2, {0, 0, 2}, 2), {10, 20, 30, 40});
}

TEST_CASE("a pixel is the mean of the area that it covers", "[area_average]") {
  check_equal(average({10, 20, 30, 40}, 2, {0, 0, 2}, 1), {25});
  // Three pixels to two: each way the first covers one and a half, with weights 2/3 and 1/3.
  check_equal(average({90, 0, 0, 0, 0, 0, 0, 0, 180}, 3, {0, 0, 3}, 2), {40, 0, 0, 80});
  check_equal(average({0, 0, 0, 0, 90, 0, 0, 0, 0}, 3, {0, 0, 3}, 2), {10, 10, 10, 10});
}

TEST_CASE("a pixel that is stretched keeps its brightness", "[area_average]") {
  check_equal(average({70}, 1, {0, 0, 1}, 3), std::vector<double>(9, 70));
  check_equal(average({30, 60, 90, 120}, 2, {0, 0, 2}, 3), {30, 45, 60, 60, 75, 90, 90, 105, 120});
}

TEST_CASE("a square may be a part of its image or reach beyond it", "[area_average]") {
  const Bytes pixels{1, 2, 3, 4, 5, 6};
  check_equal(average(pixels, 3, {0, 1, 2}, 2), {2, 3, 5, 6});
  check_equal(average(pixels, 3, {-1, -1, 3}, 3), {0, 0, 0, 0, 1, 2, 0, 4, 5});
  check_equal(average(pixels, 3, {1, 2, 2}, 2), {6, 0, 0, 0});
  check_equal(average(pixels, 3, {5, -9, 2}, 2), {0, 0, 0, 0});
}

TEST_CASE("the mean of a square stays, whatever its size", "[area_average]") {
  random::Stream stream(0, random::Purpose("test"));
  Bytes pixels(20 * 20);
  for (std::uint8_t& pixel : pixels) pixel = static_cast<std::uint8_t>(stream.below(256));
  const double mean = std::accumulate(pixels.begin(), pixels.end(), 0.0) / 400;
  for (const std::size_t side : {1, 7, 10, 16, 20, 31, 60}) {
    const std::vector<double> result = average(pixels, 20, {0, 0, 20}, side);
    CHECK(std::accumulate(result.begin(), result.end(), 0.0) / static_cast<double>(side * side) == Approx(mean));
  }
}

TEST_CASE("rows may be part of wider ones", "[area_average]") {
  const Bytes pixels{10, 20, 30, 40};
  std::vector<Real> wide(6, -1);
  area_average({pixels.data(), 2, 2}, {0, 0, 2}, 2, wide.data() + 1, 3);
  CHECK((wide[0] == -1 && wide[3] == -1));
  CHECK(static_cast<double>(wide[4]) == Approx(30.0 / 255));
  CHECK(static_cast<double>(wide[5]) == Approx(40.0 / 255));
}

TEST_CASE("the square around ink has the longer side of the ink, and the ink in its middle", "[area_average]") {
  const auto square = [](std::size_t width, const Bytes& pixels) {
    const Square ink = ink_square({pixels.data(), pixels.size() / width, width});
    return std::vector<std::ptrdiff_t>{ink.top, ink.left, static_cast<std::ptrdiff_t>(ink.side)};
  };
  CHECK(square(3, {0, 0, 0, 0, 7, 0, 0, 0, 0}) == std::vector<std::ptrdiff_t>{1, 1, 1});
  CHECK(square(4, {0, 1, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0}) == std::vector<std::ptrdiff_t>{0, 1, 3});
  CHECK(square(3, {0, 0, 9, 0, 0, 9, 0, 0, 9}) == std::vector<std::ptrdiff_t>{0, 1, 3});
  CHECK(square(4, {9, 9, 9, 9}) == std::vector<std::ptrdiff_t>{-1, 0, 4});
  CHECK(square(2, {0, 0, 0, 0}) == std::vector<std::ptrdiff_t>{0, 0, 0});
}

}  // namespace
}  // namespace saccade::envs
