#include "core/random/stream.hpp"

#include <Random123/philox.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <set>
#include <vector>

#include "tests/support/catch.hpp"

namespace saccade::random {
namespace {

constexpr Purpose purpose{"test"};

std::vector<std::uint32_t> first_bits(Stream stream, std::size_t count = 9) {
  std::vector<std::uint32_t> bits(count);
  for (std::uint32_t& b : bits) b = stream.bits();
  return bits;
}

TEST_CASE("the generator is the Philox of the paper", "[random]") {
  // Known answers of Random123's kat_vectors: philox4x32 10.
  using Philox = r123::Philox4x32;
  const auto zero = Philox{}(Philox::ctr_type{{0, 0, 0, 0}}, Philox::key_type{{0, 0}});
  CHECK(std::vector<std::uint32_t>(zero.begin(), zero.end()) ==
        std::vector<std::uint32_t>{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
}

TEST_CASE("streams are the same on every machine and for ever", "[random]") {
  CHECK(Purpose{""}.hash() == 0xcbf29ce484222325);  // FNV-1a, published
  CHECK(Purpose{"foobar"}.hash() == 0x85944171f73967e8);
  CHECK(first_bits(Stream{1, purpose, 2, 3}, 5) ==
        std::vector<std::uint32_t>{0x003637bf, 0x17499fd0, 0x2a433536, 0xbef7d0b3, 0xd1417225});
}

TEST_CASE("a stream is a function of all its names", "[random]") {
  const std::vector<std::uint32_t> bits = first_bits(Stream{1, purpose, 2, 3});
  CHECK(first_bits(Stream{1, purpose, 2, 3}) == bits);
  CHECK(first_bits(Stream{2, purpose, 2, 3}) != bits);
  CHECK(first_bits(Stream{1, Purpose{"tset"}, 2, 3}) != bits);
  CHECK(first_bits(Stream{1, purpose, 3, 3}) != bits);
  CHECK(first_bits(Stream{1, purpose, 2, 4}) != bits);
  CHECK(first_bits(Stream{1, purpose, 3, 2}) != bits);
}

TEST_CASE("neighbouring streams share no draw", "[random]") {
  std::set<std::uint64_t> pairs;
  for (std::uint64_t seed = 0; seed < 3; ++seed) {
    for (std::uint64_t step : {0UL, 1UL, 1UL << 32U, 1UL << 47U}) {
      for (std::uint64_t episode : {0UL, 1UL, 2UL, 1UL << 32U, 1UL << 47U}) {
        Stream stream{seed, purpose, step, episode};
        for (int i = 0; i < 50; ++i) {
          const std::uint64_t first = stream.bits();
          pairs.insert(first << 32U | stream.bits());
        }
      }
    }
  }
  CHECK(pairs.size() == 3 * 4 * 5 * 50);
}

TEST_CASE("uniform numbers fill the unit interval", "[random]") {
  Stream stream{1, purpose};
  constexpr int count = 100000;
  std::array<int, 10> bins{};
  double sum = 0;
  for (int i = 0; i < count; ++i) {
    const double u = stream.uniform();
    REQUIRE((u >= 0 && u < 1));
    ++bins[static_cast<std::size_t>(10 * u)];
    sum += u;
  }
  CHECK(std::abs(sum / count - 0.5) < 5 * std::sqrt(1.0 / 12 / count));
  for (const int bin : bins) CHECK(std::abs(bin - count / 10) < 5 * std::sqrt(0.09 * count));
  const double ranged = Stream{1, purpose}.uniform(-3, 5);
  CHECK(ranged == -3 + 8 * Stream{1, purpose}.uniform());
}

TEST_CASE("normal numbers have the moments of a standard normal", "[random]") {
  Stream stream{2, purpose};
  constexpr int count = 200000;
  std::array<double, 5> power_sums{};
  double previous = 0, lag = 0;
  for (int i = 0; i < count; ++i) {
    const double z = stream.normal();
    for (std::size_t p = 1; p < 5; ++p) power_sums[p] += std::pow(z, static_cast<double>(p));
    lag += z * previous;
    previous = z;
  }
  const double sigma = 1 / std::sqrt(count);
  CHECK(std::abs(power_sums[1] / count) < 5 * sigma);
  CHECK(std::abs(power_sums[2] / count - 1) < 5 * std::sqrt(2) * sigma);
  CHECK(std::abs(power_sums[3] / count) < 5 * std::sqrt(15) * sigma);
  CHECK(std::abs(power_sums[4] / count - 3) < 5 * std::sqrt(96) * sigma);
  CHECK(std::abs(lag / count) < 5 * sigma);
}

TEST_CASE("below is in range and without bias", "[random]") {
  Stream stream{3, purpose};
  for (int i = 0; i < 20; ++i) CHECK(stream.below(1) == 0);
  constexpr int count = 70000;
  std::array<int, 7> hits{};
  for (int i = 0; i < count; ++i) ++hits.at(stream.below(7));
  for (const int hit : hits) CHECK(std::abs(hit - count / 7) < 5 * std::sqrt(count / 7.0));
  // Of 3 * 2^30 numbers a plain remainder or product would favour a third two to one.
  int low_third = 0;
  for (int i = 0; i < count; ++i) low_third += stream.below(3U << 30U) < 1U << 30U;
  CHECK(std::abs(low_third - count / 3.0) < 5 * std::sqrt(count * 2 / 9.0));
}

}  // namespace
}  // namespace saccade::random
