#include "core/tensor/reductions.hpp"

#include <cmath>
#include <limits>

#include "core/errors.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/messages.hpp"
#include "tests/support/tensors.hpp"

namespace saccade {
namespace {

using namespace tests;

TEST_CASE("reductions agree with their plain twins at every length", "[reductions]") {
  for (std::size_t n = 1; n < 70; ++n) {
    Tensor x = randn({n}, n), y = randn({n}, n + 100);
    const TensorView u{x}, v{y};
    double sum = 0, product = 0, most = -1e300;
    for (std::size_t i = 0; i < n; ++i) {
      sum += double{u[i]};
      product += double{u[i]} * double{v[i]};
      most = std::max(most, double{u[i]});
    }
    INFO(n);
    CHECK(std::abs(double{sum_of(x)} - sum) < rounding * 10);
    CHECK(std::abs(double{dot(x, y)} - product) < rounding * 10);
    CHECK(double{max_of(x)} == most);
  }
}

TEST_CASE("reductions of nothing", "[reductions]") {
  Tensor none = zeros({0});
  CHECK(sum_of(none) == 0);
  CHECK(max_of(none) == -std::numeric_limits<Real>::infinity());
}

TEST_CASE("a dot product of different sizes is refused", "[reductions]") {
  Tensor x = zeros({2}), y = zeros({3});
  CHECK(has(message_of<ShapeError>([&] { (void)dot(x, y); }), "dot: y must have 2 elements"));
}

}  // namespace
}  // namespace saccade
