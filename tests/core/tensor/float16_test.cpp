#include "core/tensor/float16.hpp"

#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <vector>

#include "core/errors.hpp"
#include "core/random/stream.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/messages.hpp"

namespace saccade {
namespace {

using namespace tests;

struct Golden {
  std::uint32_t from;
  std::uint16_t to;
};

constexpr auto golden = std::to_array<Golden>({
    {0x00000000, 0x0000},  // 0
    {0x80000000, 0x8000},  // -0
    {0x3F800000, 0x3C00},  // 1
    {0xC0490FDB, 0xC248},  // -pi, down
    {0x3DCCCCCD, 0x2E66},  // 0.1, down
    {0x3F801000, 0x3C00},  // a tie, to the even number below
    {0x3F803000, 0x3C02},  // a tie, to the even number above
    {0x3F801001, 0x3C01},  // just above a tie
    {0x3F802FFF, 0x3C01},  // just below a tie
    {0x3FFFF000, 0x4000},  // into the next exponent
    {0x477FE000, 0x7BFF},  // 65,504, the largest
    {0x477FEFFF, 0x7BFF},  // the largest float that stays finite
    {0x477FF000, 0x7C00},  // 65,520, the smallest that becomes infinite
    {0xFF7FFFFF, 0xFC00},  // the lowest float
    {0x38800000, 0x0400},  // 2^-14, the smallest normal number
    {0x387FC000, 0x03FF},  // the largest subnormal number
    {0x387FE000, 0x0400},  // a tie that becomes normal
    {0x33800000, 0x0001},  // 2^-24, the smallest
    {0x33000000, 0x0000},  // half of it, a tie
    {0x33000001, 0x0001},  // just above
    {0x33C00000, 0x0002},  // a tie of subnormal numbers, to the even number above
    {0xB3800000, 0x8001},  // a negative one
    {0x00000001, 0x0000},  // the smallest subnormal float
    {0x807FFFFF, 0x8000},  // the lowest subnormal float
    {0x7F800000, 0x7C00},  // infinity
    {0xFF800000, 0xFC00},  // -infinity
    {0x7FC00000, 0x7E00},  // a quiet NaN
    {0x7F800001, 0x7E00},  // a NaN whose payload is lost
    {0xFFBFE000, 0xFFFF},  // a signalling NaN with a payload
});

/// Numbers without a tendency to be whole, of every magnitude, and all special ones.
std::vector<float> many_floats() {
  random::Stream stream(1, random::Purpose("float16 test"));
  std::vector<float> floats;
  for (const Golden& pair : golden) floats.push_back(std::bit_cast<float>(pair.from));
  for (int i = 0; i < 200'000; ++i) floats.push_back(std::bit_cast<float>(stream.bits()));
  for (int i = 0; i < 200'000; ++i)
    floats.push_back(std::ldexp(static_cast<float>(1 + stream.uniform()), static_cast<int>(stream.below(44)) - 27));
  return floats;
}

/// All 65,536 of them.
std::vector<std::uint16_t> all_halves() {
  std::vector<std::uint16_t> halves;
  for (std::uint32_t bits = 0; bits < 0x10000; ++bits) halves.push_back(static_cast<std::uint16_t>(bits));
  return halves;
}

TEST_CASE("rounding to float16 on golden bits", "[float16]") {
  for (const Golden& pair : golden) {
    INFO(std::hex << pair.from);
    CHECK(to_float16(std::bit_cast<float>(pair.from)) == pair.to);
  }
}

TEST_CASE("every float16 is what its definition says", "[float16]") {
  std::size_t wrong = 0;
  for (const std::uint16_t half : all_halves()) {
    const int exponent = (half >> 10) & 31;
    const int fraction = half & 1023;
    if (exponent == 31) continue;
    const double magnitude = exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(1024 + fraction, exponent - 25);
    const float value = from_float16(half);
    wrong += std::abs(value) == magnitude && std::signbit(value) == (half >= 0x8000) ? 0 : 1;
  }
  CHECK(wrong == 0);
  CHECK(from_float16(0x7C00) == std::numeric_limits<float>::infinity());
  CHECK(from_float16(0xFC00) == -std::numeric_limits<float>::infinity());
  CHECK(std::isnan(from_float16(0x7C01)));
}

TEST_CASE("every float16 is itself again", "[float16]") {
  std::size_t changed = 0;
  for (const std::uint16_t half : all_halves()) {
    const bool is_nan = (half & 0x7FFFU) > 0x7C00U;
    const auto expected = static_cast<std::uint16_t>(is_nan ? half | 0x200U : half);
    changed += to_float16(from_float16(half)) == expected ? 0 : 1;
  }
  CHECK(changed == 0);
}

TEST_CASE("the nearest float16 is taken", "[float16]") {
  std::size_t wrong = 0;
  for (const float x : many_floats()) {
    const std::uint16_t half = to_float16(x);
    if (std::isnan(x) || (half & 0x7FFFU) >= 0x7BFFU) continue;
    const double error = std::abs(static_cast<double>(from_float16(half)) - x);
    const auto other = [&](int step) {
      return std::abs(static_cast<double>(from_float16(static_cast<std::uint16_t>(half + step))) - x);
    };
    wrong += error <= other(1) && ((half & 0x7FFFU) == 0 || error <= other(-1)) ? 0 : 1;
  }
  CHECK(wrong == 0);
}

TEST_CASE("arrays become float16 as their numbers do, to the bit", "[float16]") {
  const std::vector<float> floats = many_floats();
  for (const std::size_t count : {std::size_t{0}, std::size_t{1}, std::size_t{7}, std::size_t{8}, floats.size()}) {
    std::vector<std::uint16_t> halves(count);
    to_float16(std::span(floats).first(count), halves);
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < count; ++i) wrong += halves[i] == to_float16(floats[i]) ? 0 : 1;
    CHECK(wrong == 0);
  }
}

TEST_CASE("arrays of float16 become what their numbers do, to the bit", "[float16]") {
  const std::vector<std::uint16_t> halves = all_halves();
  for (const std::size_t count : {std::size_t{0}, std::size_t{1}, std::size_t{9}, halves.size()}) {
    std::vector<Real> numbers(count);
    from_float16(std::span(halves).first(count), numbers);
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const auto got = std::bit_cast<std::uint32_t>(static_cast<float>(numbers[i]));
      wrong += got == std::bit_cast<std::uint32_t>(from_float16(halves[i])) ? 0 : 1;
    }
    CHECK(wrong == 0);
  }
}

TEST_CASE("conversion to and from float16 needs room for all numbers", "[float16]") {
  const std::vector<float> from(3);
  std::vector<std::uint16_t> halves(2);
  std::vector<Real> to(3);
  CHECK(message_of<ArgumentError>([&] { to_float16(from, halves); }) ==
        "to_float16: expected room for 3 numbers, got 2");
  CHECK(message_of<ArgumentError>([&] { from_float16(halves, to); }) ==
        "from_float16: expected room for 2 numbers, got 3");
}

}  // namespace
}  // namespace saccade
