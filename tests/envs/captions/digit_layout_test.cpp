#include "envs/captions/digit_layout.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "tests/support/catch.hpp"

namespace saccade::envs::captions {
namespace {

/// Ten images, one of each digit.
const ImageSet sources{std::vector<std::uint8_t>(10, 255), {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}};

DigitScene draw(const DigitLayout& layout, std::size_t count, std::uint64_t number) {
  random::Stream stream(0, random::Purpose("test"), 0, number);
  return layout.draw(count, sources, stream);
}

TEST_CASE("digits are large or small, by the side of the picture", "[digit_scenes]") {
  const auto sides = [](std::size_t side) {
    const DigitLayout layout(side);
    return std::pair(layout.digit_side(true), layout.digit_side(false));
  };
  CHECK(sides(24) == std::pair<std::size_t, std::size_t>(7, 4));
  CHECK(sides(48) == std::pair<std::size_t, std::size_t>(14, 8));
  CHECK(sides(56) == std::pair<std::size_t, std::size_t>(16, 10));
  CHECK(sides(64) == std::pair<std::size_t, std::size_t>(18, 11));
}

TEST_CASE("a scene has so many digits in reading order, each in a cell of its own", "[digit_scenes]") {
  const DigitLayout layout(56);
  for (std::size_t count = 1; count <= digit_cells; ++count) {
    for (std::uint64_t number = 0; number < 100; ++number) {
      const DigitScene scene = draw(layout, count, number);
      CHECK(scene.digits().size() == count);
      for (std::size_t i = 1; i < count; ++i) CHECK(scene.digits()[i].cell > scene.digits()[i - 1].cell);
      for (const PlacedDigit& digit : scene.digits()) CHECK(digit.label == digit.image);
    }
  }
}

TEST_CASE("digits neither overlap nor touch, and lie within the picture", "[digit_scenes]") {
  for (const std::size_t side : {24, 50, 56, 64, 100}) {
    const DigitLayout layout(side);
    for (std::uint64_t number = 0; number < 30; ++number) {
      // A pixel is taken by the square of a digit with its right and lower neighbours.
      std::set<std::pair<std::size_t, std::size_t>> taken;
      std::size_t area = 0;
      const DigitScene scene = draw(layout, digit_cells, number);
      for (const PlacedDigit& digit : scene.digits()) {
        area += (digit.side + 1) * (digit.side + 1);
        for (std::size_t y = 0; y <= digit.side; ++y) {
          for (std::size_t x = 0; x <= digit.side; ++x) taken.emplace(digit.top + y, digit.left + x);
        }
      }
      CHECK(taken.size() == area);
      CHECK(std::all_of(taken.begin(), taken.end(), [=](auto& at) { return at.first <= side && at.second <= side; }));
    }
  }
}

TEST_CASE("cells, digits, sizes and places are drawn evenly", "[digit_scenes]") {
  const DigitLayout layout(56);
  std::map<std::size_t, int> cells, labels, places;
  int large = 0;
  constexpr int scenes = 6000;
  for (std::uint64_t number = 0; number < scenes; ++number) {
    const DigitScene scene = draw(layout, 3, number);
    for (const PlacedDigit& digit : scene.digits()) {
      ++cells[digit.cell];
      ++labels[digit.label];
      large += digit.large ? 1 : 0;
      if (!digit.large && digit.cell == 0) ++places[digit.top * 100 + digit.left];
    }
  }
  const auto near = [](int count, double expected) { return std::abs(count - expected) < 5 * std::sqrt(expected); };
  CHECK((cells.size() == 9 && labels.size() == 10));
  for (const auto& [cell, count] : cells) CHECK(near(count, 3 * scenes / 9.0));
  for (const auto& [label, count] : labels) CHECK(near(count, 3 * scenes / 10.0));
  CHECK(near(large, 3 * scenes / 2.0));
  // A cell of 18 pixels begins after the edge's one: small digits at 1 to 8 each way.
  CHECK((places.size() == 64 && places.begin()->first == 101 && places.rbegin()->first == 808));
  for (const auto& [place, count] : places) CHECK(near(count, scenes / 6.0 / 64));
}

TEST_CASE("the box of a digit is its square as a part of the picture", "[digit_scenes]") {
  PlacedDigit digit;
  digit.top = 20;
  digit.left = 10;
  digit.side = 5;
  const rl::Box box = DigitLayout(50).box(digit);
  CHECK((box.left == Approx(0.2) && box.right == Approx(0.3)));
  CHECK((box.top == Approx(0.4) && box.bottom == Approx(0.5)));
}

}  // namespace
}  // namespace saccade::envs::captions
