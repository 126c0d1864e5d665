#pragma once

#include <bit>
#include <cstdint>
#include <span>

#include "core/tensor/real.hpp"

/// IEEE 754 binary16: a sign, 5 bits of exponent and 10 of fraction; magnitudes from 6e-8 to 65,504 with three decimal
/// digits. For what is stored once and read often.
namespace saccade {

/// The bits of the binary16 number nearest to x; of two equally near, the one whose last bit is 0. From 65,520 on it is
/// infinity; NaN stays NaN, made quiet, with the upper bits of its payload.
[[nodiscard]] constexpr std::uint16_t to_float16(float x) {
  const auto bits = std::bit_cast<std::uint32_t>(x);
  const std::uint32_t sign = (bits >> 16U) & 0x8000U;
  const std::uint32_t magnitude = bits & 0x7FFFFFFFU;
  if (magnitude > 0x7F800000U) return static_cast<std::uint16_t>(sign | 0x7E00U | ((magnitude >> 13U) & 0x3FFU));
  if (magnitude >= 0x477FF000U) return static_cast<std::uint16_t>(sign | 0x7C00U);
  if (magnitude < 0x33000000U) return static_cast<std::uint16_t>(sign);  // below half of the smallest number
  // Subnormal results lose more bits of the fraction, whose leading 1 then is written out.
  const bool normal = magnitude >= 0x38800000U;
  const std::uint32_t fraction = normal ? magnitude - 0x38000000U : (magnitude & 0x7FFFFFU) | 0x800000U;
  const std::uint32_t lost = normal ? 13U : 126U - (magnitude >> 23U);
  const std::uint32_t nearest = fraction + (1U << (lost - 1U)) - 1U + ((fraction >> lost) & 1U);
  return static_cast<std::uint16_t>(sign | (nearest >> lost));
}

/// The number that these bits stand for, exactly; NaN made quiet.
[[nodiscard]] constexpr float from_float16(std::uint16_t half) {
  const std::uint32_t sign = (half & 0x8000U) << 16U;
  const std::uint32_t exponent = (half >> 10U) & 0x1FU;
  const std::uint32_t fraction = half & 0x3FFU;
  if (exponent == 0) {
    const float magnitude = static_cast<float>(fraction) * 0x1p-24F;
    return sign != 0 ? -magnitude : magnitude;
  }
  const std::uint32_t quiet = exponent == 0x1FU && fraction != 0 ? 0x00400000U : 0U;
  const std::uint32_t wide = exponent == 0x1FU ? 0xFFU : exponent + 112U;
  return std::bit_cast<float>(sign | (wide << 23U) | (fraction << 13U) | quiet);
}

/// Every element to binary16, by F16C where the build is for CPUs that have it.
/// @throws ArgumentError  unless the sizes agree
void to_float16(std::span<const float> from, std::span<std::uint16_t> to);
/// Every element to the Real that equals it, likewise.
void from_float16(std::span<const std::uint16_t> from, std::span<Real> to);

}  // namespace saccade
