#pragma once

#include <bit>
#include <cstdint>
#include <span>

#include "core/tensor/real.hpp"

/// bfloat16: a sign, 8 bits of exponent and 7 of fraction, the upper half of a float. It has the range of float and two
/// to three decimal digits: fit for the operands of a product, not for sums.
namespace saccade {

/// The bits of the bfloat16 number nearest to x; of two equally near, the one whose last bit is 0. Too large a number
/// becomes infinite; NaN stays NaN, made quiet; denormal numbers are rounded as all others.
[[nodiscard]] constexpr std::uint16_t to_bfloat16(float x) {
  const auto bits = std::bit_cast<std::uint32_t>(x);
  const bool is_nan = (bits & 0x7FFFFFFFU) > 0x7F800000U;
  const std::uint32_t nearest = bits + 0x7FFFU + ((bits >> 16U) & 1U);
  const std::uint32_t quiet = bits | 0x00400000U;
  return static_cast<std::uint16_t>((is_nan ? quiet : nearest) >> 16U);
}

/// The number that these bits stand for, exactly.
[[nodiscard]] constexpr float from_bfloat16(std::uint16_t bits) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16U);
}

/// Every element to bfloat16. In the build of `double` by way of float.
/// @throws ArgumentError  unless the sizes agree
void to_bfloat16(std::span<const Real> from, std::span<std::uint16_t> to);
/// Every element to the Real that equals its bfloat16.
void round_to_bfloat16(std::span<const Real> from, std::span<Real> to);

}  // namespace saccade
