#include "core/tensor/float16.hpp"

#include <fmt/format.h>
#ifdef __F16C__
#include <immintrin.h>
#endif

#include "core/errors.hpp"

namespace saccade {
namespace {

void check_sizes(const char* function, std::size_t from, std::size_t to) {
  if (from == to) return;
  throw ArgumentError(fmt::format("{}: expected room for {} numbers, got {}", function, from, to));
}

#ifdef __F16C__
constexpr std::size_t lanes = 8;

void eight(const float* from, std::uint16_t* to) {
  const __m128i halves = _mm256_cvtps_ph(_mm256_loadu_ps(from), _MM_FROUND_TO_NEAREST_INT);
  _mm_storeu_si128(reinterpret_cast<__m128i*>(to), halves);
}

__m256 eight(const std::uint16_t* from) {
  return _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from)));
}

#ifdef SACCADE_REAL_DOUBLE
void eight(const std::uint16_t* from, double* to) {
  const __m256 floats = eight(from);
  _mm256_storeu_pd(to, _mm256_cvtps_pd(_mm256_castps256_ps128(floats)));
  _mm256_storeu_pd(to + lanes / 2, _mm256_cvtps_pd(_mm256_extractf128_ps(floats, 1)));
}
#else
void eight(const std::uint16_t* from, float* to) { _mm256_storeu_ps(to, eight(from)); }
#endif

/// @return how many elements were done: a multiple of 8
template <typename From, typename To>
std::size_t by_eights(std::span<const From> from, std::span<To> to) {
  std::size_t i = 0;
  for (; i + lanes <= from.size(); i += lanes) eight(from.data() + i, to.data() + i);
  return i;
}
#else
template <typename From, typename To>
std::size_t by_eights(std::span<const From>, std::span<To>) {
  return 0;
}
#endif

}  // namespace

void to_float16(std::span<const float> from, std::span<std::uint16_t> to) {
  check_sizes("to_float16", from.size(), to.size());
  for (std::size_t i = by_eights(from, to); i < from.size(); ++i) to[i] = to_float16(from[i]);
}

void from_float16(std::span<const std::uint16_t> from, std::span<Real> to) {
  check_sizes("from_float16", from.size(), to.size());
  for (std::size_t i = by_eights(from, to); i < from.size(); ++i) to[i] = Real{from_float16(from[i])};
}

}  // namespace saccade
