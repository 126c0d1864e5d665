#include "core/ops/dropout.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "core/errors.hpp"
#include "core/ops/add.hpp"
#include "tests/support/allocations.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/check_grad.hpp"
#include "tests/support/messages.hpp"
#include "tests/support/tensors.hpp"

namespace saccade {
namespace {

using namespace tests;

std::vector<random::Stream> streams(std::size_t first, std::size_t count) {
  std::vector<random::Stream> result;
  for (std::size_t n = 0; n < count; ++n) result.emplace_back(7, random::Purpose("test dropout"), 0, first + n);
  return result;
}

Tensor ones(const Shape& shape) {
  Tensor x = zeros(shape);
  x.fill(1);
  return x;
}

TEST_CASE("dropout drops its share and scales the rest", "[ops]") {
  for (const double rate : {0.25, 0.5, 0.9}) {
    Recording on;
    auto rows = streams(0, 20);
    const Variable y = ops::dropout(on.input(ones({20, 1000})), static_cast<Real>(rate), rows);
    const auto dropped = std::count(y.value().begin(), y.value().end(), Real{0});
    const double deviation = std::sqrt(20000 * rate * (1 - rate));
    CHECK(std::abs(double(dropped) - 20000 * rate) < 5 * deviation);
    const auto kept = static_cast<Real>(1 / (1 - static_cast<Real>(rate)));
    CHECK(std::count_if(y.value().begin(), y.value().end(),
                        [&](Real value) { return std::abs(value - kept) < rounding * kept; }) == 20000 - dropped);
  }
}

TEST_CASE("a row's dropout depends on its stream alone", "[ops]") {
  Recording on;
  auto all = streams(0, 4), last = streams(2, 2);
  const Variable y = ops::dropout(on.input(ones({4, 50})), Real{0.5}, all);
  const Variable part = ops::dropout(on.input(ones({2, 50})), Real{0.5}, last);
  CHECK(close(part.value(), to_tensor(y.value().rows(2, 2)), 0));
  CHECK_FALSE(close(y.value().rows(0, 1), to_tensor(y.value().rows(1, 1)), 0));
  const Variable next = ops::dropout(on.input(ones({4, 50})), Real{0.5}, all);
  CHECK_FALSE(close(next.value(), to_tensor(y.value()), 0));
}

TEST_CASE("the gradient is dropped where the value was", "[ops]") {
  Recording on;
  auto rows = streams(0, 3);
  const Variable x = on.input(ones({3, 40}));
  const Variable y = ops::dropout(x, Real{0.5}, rows);
  Tensor d_y = ones({3, 40});
  on.tape().backward(y, d_y);
  CHECK(close(x.grad(), to_tensor(y.value()), 0));
}

TEST_CASE("a rate of zero is the identity and draws nothing", "[ops]") {
  Recording on;
  auto rows = streams(0, 2), fresh = streams(0, 2);
  const Variable x = on.input(randn({2, 3}, 1));
  CHECK(&ops::dropout(x, 0, rows).node() == &x.node());
  CHECK(rows[1].bits() == fresh[1].bits());
}

TEST_CASE("dropout makes no heap allocation", "[ops]") {
  Tensor x = randn({4, 19}, 1), d_y = randn({4, 19}, 2);
  auto rows = streams(0, 4);
  const ParameterStore store;
  Tape tape{store};
  const auto step = [&] {
    tape.begin(Tape::Mode::record);
    tape.backward(ops::dropout(tape.input(x), Real{0.5}, rows), d_y);
  };
  step();
  step();
  const std::size_t before = allocations();
  step();
  CHECK(allocations() == before);
}

TEST_CASE("dropout refuses what does not fit", "[ops]") {
  Recording on;
  auto rows = streams(0, 2);
  const Variable x = on.input(zeros({2, 3})), more = on.input(zeros({3, 3}));
  const auto message = [&](const Variable& in, double rate) {
    return message_of<Error>([&] { (void)ops::dropout(in, static_cast<Real>(rate), rows); });
  };
  CHECK(message(x, 1) == "dropout: rate must be in [0, 1), got 1");
  CHECK(message(x, -0.5) == "dropout: rate must be in [0, 1), got -0.5");
  CHECK(message(x, std::nan("")) == "dropout: rate must be in [0, 1), got nan");
  CHECK(message(more, 0.5) == "dropout: expected a stream for each row of x, got 2 for shape [3, 3]");
  CHECK_THROWS_AS(ops::dropout(x, 1, rows), ArgumentError);
  CHECK_THROWS_AS(ops::dropout(more, 0, rows), ShapeError);
}

#ifdef SACCADE_REAL_DOUBLE
TEST_CASE("the gradient of dropout", "[grad]") {
  const auto op = [](Tape&, auto& in) {
    auto rows = streams(0, 4);
    return ops::add(ops::dropout(in[0], 0.5, rows), ops::dropout(in[0], 0.25, rows));
  };
  CHECK(check_grad(op, {randn({4, 5}, 1)}));
  CHECK(check_grad(op, {randn({2, 2, 5}, 1)}));
}
#endif

}  // namespace
}  // namespace saccade
