#include "core/ops/softmax_cross_entropy.hpp"

#include <array>
#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include "core/errors.hpp"
#include "core/ops/log_softmax.hpp"
#include "core/ops/sum.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/check_grad.hpp"
#include "tests/support/messages.hpp"
#include "tests/support/tensors.hpp"

namespace saccade {
namespace {

using namespace tests;

TEST_CASE("softmax_cross_entropy is minus the log of the softmax", "[ops]") {
  Recording on;
  const std::array<std::int32_t, 3> labels{0, 10, 5};
  const Variable x = on.input(randn({3, 11}, 1));
  const Variable logs = ops::log_softmax(x);
  const Tensor expected = tensor({3}, {-logs.value()(0, 0), -logs.value()(1, 10), -logs.value()(2, 5)});
  CHECK(close(ops::softmax_cross_entropy(x, labels).value(), expected));
}

TEST_CASE("softmax_cross_entropy takes logits of any magnitude", "[ops]") {
  Recording on;
  const std::array<std::int32_t, 3> labels{0, 1, 1};
  const Variable x = on.input(tensor({3, 2}, {1e30, -1e30, 1e30, -1e30, -1000, -1000}));
  const Variable y = ops::softmax_cross_entropy(x, labels);
  on.tape().backward(ops::sum(y));
  CHECK(close(y.value(), tensor({3}, {0, 2e30, std::log(2.0)})));
  CHECK(close(x.grad(), tensor({3, 2}, {0, 0, 1, -1, 0.5, -0.5})));
}

TEST_CASE("softmax_cross_entropy does not need the labels afterwards", "[ops]") {
  Recording on;
  const Variable x = on.input(zeros({1, 2}));
  std::vector<std::int32_t> labels{1};
  const Variable y = ops::softmax_cross_entropy(x, labels);
  labels[0] = 0;
  on.tape().backward(y);
  CHECK(close(x.grad(), tensor({1, 2}, {0.5, -0.5})));
}

TEST_CASE("softmax_cross_entropy refuses wrong labels and shapes", "[ops]") {
  Recording on;
  const Variable x = on.input(zeros({2, 3})), line = on.input(zeros({2}));
  const auto message = [](const Variable& logits, std::vector<std::int32_t> labels) {
    return message_of<Error>([&] { (void)ops::softmax_cross_entropy(logits, labels); });
  };
  CHECK(message(x, {0, 3}) == "softmax_cross_entropy: labels must be in 0..2, got 3");
  CHECK(message(x, {-1, 0}) == "softmax_cross_entropy: labels must be in 0..2, got -1");
  CHECK(message(x, {0}) == "softmax_cross_entropy: logits must have extent 1 on axis 0, got shape [2, 3]");
  CHECK(message(line, {0, 0}) == "softmax_cross_entropy: logits must have rank 2, got shape [2]");
  CHECK_THROWS_AS(ops::softmax_cross_entropy(x, std::vector<std::int32_t>{0, 3}), ArgumentError);
  CHECK_THROWS_AS(ops::softmax_cross_entropy(x, std::vector<std::int32_t>{0}), ShapeError);
}

#ifdef SACCADE_REAL_DOUBLE
TEST_CASE("the gradient of softmax_cross_entropy", "[grad]") {
  const std::vector<std::int32_t> labels{0, 2, 1, 2};
  const auto op = [&](Tape&, auto& in) {
    return ops::softmax_cross_entropy(in[0], std::span{labels}.first(in[0].shape()[0]));
  };
  CHECK(check_grad(op, {randn({4, 3}, 1)}));
  CHECK(check_grad(op, {randn({2, 17}, 1)}));
  CHECK(check_grad(op, {randn({1, 1}, 1)}));
}
#endif

}  // namespace
}  // namespace saccade
