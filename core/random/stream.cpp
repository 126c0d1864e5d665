#include "core/random/stream.hpp"

#include <Random123/philox.h>

#include <cmath>
#include <numbers>

namespace saccade::random {
namespace {

/// The finaliser of SplitMix64: every bit of the input reaches every bit of the output.
std::uint64_t mix(std::uint64_t x) {
  x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27U)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31U);
}

std::uint32_t low(std::uint64_t x) { return static_cast<std::uint32_t>(x); }
std::uint32_t high(std::uint64_t x) { return static_cast<std::uint32_t>(x >> 32U); }

}  // namespace

Stream::Stream(std::uint64_t seed, Purpose purpose, std::uint64_t step, std::uint64_t episode) {
  const std::uint64_t key = mix(mix(seed + 0x9e3779b97f4a7c15ULL) ^ purpose.hash());
  key_ = {low(key), high(key)};
  counter_ = {0, low(episode), low(step), (high(episode) & 0xffffU) | (high(step) << 16U)};
}

void Stream::refill() {
  using Philox = r123::Philox4x32;
  const auto out = Philox{}(Philox::ctr_type{{counter_[0], counter_[1], counter_[2], counter_[3]}},
                            Philox::key_type{{key_[0], key_[1]}});
  for (std::size_t i = 0; i < 4; ++i) block_[i] = out[i];
  ++counter_[0];
  used_ = 0;
}

std::uint32_t Stream::bits() {
  if (used_ == 4) refill();
  return block_[used_++];
}

std::uint32_t Stream::below(std::uint32_t n) {
  const std::uint32_t rejected = (0U - n) % n;
  while (true) {
    const std::uint64_t product = std::uint64_t{bits()} * n;
    if (low(product) >= rejected) return high(product);
  }
}

double Stream::normal() {
  if (has_spare_) {
    has_spare_ = false;
    return spare_;
  }
  const double radius = std::sqrt(-2.0 * std::log((bits() + 1.0) * 0x1p-32));
  const double angle = 2.0 * std::numbers::pi * uniform();
  spare_ = radius * std::sin(angle);
  has_spare_ = true;
  return radius * std::cos(angle);
}

}  // namespace saccade::random
