#include "core/parallel/reduce.hpp"

#include <cmath>
#include <vector>

#include "core/errors.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/messages.hpp"
#include "tests/support/tensors.hpp"

namespace saccade::parallel {
namespace {

using namespace tests;

// More than a few pieces of work, with a rest.
constexpr std::size_t many = 50'001;

Tensor sum_of_three(std::size_t threads) {
  Workers workers(threads);
  std::vector<Tensor> tensors{randn({many}, 1), randn({many}, 2), randn({many}, 3)};
  const std::vector<TensorView> parts(tensors.begin(), tensors.end());
  ordered_sum(workers, parts);
  return tensors[0];
}

TEST_CASE("an ordered sum is taken in the order of its parts, for any number of threads", "[parallel]") {
  const Tensor a = randn({many}, 1), b = randn({many}, 2), c = randn({many}, 3);
  Tensor expected = zeros({many});
  for (std::size_t i = 0; i < many; ++i) {
    const Real first = a(i) + b(i);
    expected(i) = first + c(i);
  }
  for (const std::size_t threads : {1UL, 2UL, 3UL}) CHECK((sum_of_three(threads) == expected));
}

TEST_CASE("an ordered sum of one part or none changes nothing", "[parallel]") {
  Workers workers(2);
  Tensor x = tensor({2}, {1, 2});
  ordered_sum(workers, {});
  ordered_sum(workers, std::vector<TensorView>{x});
  CHECK(close(x, tensor({2}, {1, 2}), 0));
}

TEST_CASE("parts of an ordered sum are of one size", "[parallel]") {
  Workers workers(1);
  Tensor x = zeros({2}), y = zeros({3});
  const std::vector<TensorView> parts{x, y};
  CHECK(has(message_of<ShapeError>([&] { ordered_sum(workers, parts); }), "ordered_sum: parts"));
}

TEST_CASE("a sum of squares has the same bits for any number of threads", "[parallel]") {
  Tensor x = randn({many}, 1);
  double expected = 0;
  for (const Real element : x) expected += double{element} * double{element};
  const auto sum = [&](std::size_t threads) {
    Workers workers(threads);
    return sum_of_squares(workers, x);
  };
  CHECK(std::abs(sum(1) - expected) < 1e-9 * expected);
  CHECK(sum(2) == sum(1));
  CHECK(sum(3) == sum(1));
}

TEST_CASE("a sum of squares of much and of nothing", "[parallel]") {
  Workers workers(2);
  Tensor none = zeros({0});
  CHECK(sum_of_squares(workers, none) == 0);
  Tensor large = zeros({5'000'000});
  fill(large, 2);
  CHECK(sum_of_squares(workers, large) == 2e7);
}

}  // namespace
}  // namespace saccade::parallel
