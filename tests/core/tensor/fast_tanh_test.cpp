#include "core/tensor/fast_tanh.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include "tests/support/catch.hpp"

namespace saccade {
namespace {

Real one(Real x) {
  std::array<Real, Batch::size> all;
  all.fill(x);
  fast_tanh(Batch::load_unaligned(all.data())).store_unaligned(all.data());
  return all[Batch::size - 1];
}

/// |y - tanh x| in units of the last place of tanh x.
double error_of(Real x, Real y) {
  const double expected = std::tanh(double{x});
  const auto rounded = std::abs(static_cast<Real>(expected));
  const double unit = double{rounded} - double{std::nextafter(rounded, Real{0})};
  return std::abs(double{y} - expected) / unit;
}

TEST_CASE("the fast tanh is within a few units of the last place everywhere", "[tensor]") {
  double worst = 0;
  double largest = 0;
  // Every 97th float from 2^-40 to 16.
  for (std::uint32_t bits = 0x2b800000U; bits < 0x41800000U; bits += 97) {
    const Real x{std::bit_cast<float>(bits)};
    const Real y = one(x);
    worst = std::max(worst, error_of(x, y));
    largest = std::max(largest, double{y});
  }
  CHECK(worst < 5);
  CHECK(largest - 1 <= (sizeof(Real) == sizeof(float) ? 0 : 1e-15));
}

TEST_CASE("the fast tanh is odd", "[tensor]") {
  for (int i = 0; i < 4000; ++i) {
    const Real x = static_cast<Real>(i) / 400;
    CHECK(one(-x) == -one(x));
  }
}

TEST_CASE("the fast tanh at its ends", "[tensor]") {
  constexpr Real infinity = std::numeric_limits<Real>::infinity();
  CHECK(one(0) == 0);
  CHECK(one(std::numeric_limits<Real>::min()) == std::numeric_limits<Real>::min());
  CHECK(one(100) == 1);
  CHECK(one(std::numeric_limits<Real>::max()) == 1);
  CHECK(one(infinity) == 1);
  CHECK(one(-infinity) == -1);
  CHECK(std::isnan(one(std::numeric_limits<Real>::quiet_NaN())));
}

}  // namespace
}  // namespace saccade
