#include "core/tensor/bfloat16.hpp"

#include <array>
#include <bit>
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
    {0x3F800000, 0x3F80},  // 1
    {0xC0490FDB, 0xC049},  // -pi, down
    {0x3DCCCCCD, 0x3DCD},  // 0.1, up
    {0x3F808000, 0x3F80},  // a tie, to the even number below
    {0x3F818000, 0x3F82},  // a tie, to the even number above
    {0x3F808001, 0x3F81},  // just above a tie
    {0x3F817FFF, 0x3F81},  // just below a tie
    {0xBF818000, 0xBF82},  // a negative tie, away from 0
    {0x3FFF8000, 0x4000},  // into the next exponent
    {0x00000001, 0x0000},  // the smallest denormal number
    {0x00008000, 0x0000},  // a tie of denormal numbers
    {0x00018000, 0x0002},  // and another
    {0x007FFFFF, 0x0080},  // the largest denormal number becomes normal
    {0x7F7F0000, 0x7F7F},  // the largest bfloat16
    {0x7F7F7FFF, 0x7F7F},  // the largest float that stays finite
    {0x7F7F8000, 0x7F80},  // the smallest that becomes infinite
    {0xFF7FFFFF, 0xFF80},  // the lowest float
    {0x7F800000, 0x7F80},  // infinity
    {0xFF800000, 0xFF80},  // -infinity
    {0x7FC00000, 0x7FC0},  // a quiet NaN
    {0x7F800001, 0x7FC0},  // a NaN whose upper half is that of infinity
    {0xFFFFFFFF, 0xFFFF},  // a NaN that rounding would turn into 0
});

TEST_CASE("rounding to bfloat16 on golden bits", "[bfloat16]") {
  for (const Golden& pair : golden) {
    INFO(std::hex << pair.from);
    CHECK(to_bfloat16(std::bit_cast<float>(pair.from)) == pair.to);
  }
}

TEST_CASE("every bfloat16 is itself again", "[bfloat16]") {
  std::size_t changed = 0;
  for (std::uint32_t bits = 0; bits < 0x10000; ++bits) {
    const auto one = static_cast<std::uint16_t>(bits);
    const bool is_nan = (bits & 0x7FFFU) > 0x7F80U;
    const auto expected = static_cast<std::uint16_t>(is_nan ? bits | 0x40U : bits);
    changed += to_bfloat16(from_bfloat16(one)) == expected ? 0 : 1;
  }
  CHECK(changed == 0);
}

TEST_CASE("arrays are rounded as numbers are, in any length and in place", "[bfloat16]") {
  random::Stream stream(1, random::Purpose("bfloat16 test"));
  for (const std::size_t count : {0, 1, 7, 8, 33, 1000}) {
    std::vector<Real> from(count);
    for (Real& x : from) x = static_cast<Real>(stream.normal());
    if (count > 2) from[1] = std::numeric_limits<Real>::infinity();
    std::vector<std::uint16_t> bits(count);
    std::vector<std::uint16_t> expected(count);
    std::vector<Real> expected_rounded(count);
    for (std::size_t i = 0; i < count; ++i) {
      expected[i] = to_bfloat16(static_cast<float>(from[i]));
      expected_rounded[i] = Real{from_bfloat16(expected[i])};
    }
    to_bfloat16(from, bits);
    round_to_bfloat16(from, from);
    CHECK(bits == expected);
    CHECK(from == expected_rounded);
  }
}

TEST_CASE("rounding needs room for all numbers", "[bfloat16]") {
  const std::vector<Real> from(3);
  std::vector<Real> to(2);
  std::vector<std::uint16_t> bits(4);
  CHECK(message_of<ArgumentError>([&] { round_to_bfloat16(from, to); }) ==
        "round_to_bfloat16: expected room for 3 numbers, got 2");
  CHECK(message_of<ArgumentError>([&] { to_bfloat16(from, bits); }) ==
        "to_bfloat16: expected room for 3 numbers, got 4");
}

}  // namespace
}  // namespace saccade
