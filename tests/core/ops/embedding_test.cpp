#include "core/ops/embedding.hpp"

#include <vector>

#include "core/errors.hpp"
#include "core/ops/add.hpp"
#include "core/ops/affine.hpp"
#include "core/ops/sum.hpp"
#include "tests/support/allocations.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/check_grad.hpp"
#include "tests/support/messages.hpp"
#include "tests/support/tensors.hpp"

namespace saccade {
namespace {

using namespace tests;

using Words = std::vector<std::int32_t>;

TEST_CASE("embedding reads the rows of a table", "[ops]") {
  Recording on;
  const Variable table = on.input(tensor({3, 2}, {1, 2, 3, 4, 5, 6}));
  Words words{2, -1, 0, 2};
  const Variable y = ops::embedding(table, words);
  CHECK(close(y.value(), tensor({4, 2}, {5, 6, 0, 0, 1, 2, 5, 6}), 0));
  words.assign(4, 1);
  Tensor d_y = tensor({4, 2}, {1, 2, 3, 4, 5, 6, 7, 8});
  on.tape().backward(y, d_y);
  CHECK(close(table.grad(), tensor({3, 2}, {5, 6, 0, 0, 8, 10}), 0));
}

TEST_CASE("the gradient of a table forgets the words of the step before", "[ops]") {
  ParameterStore store;
  const Parameter table = store.add("table", {4, 1});
  Tape tape{store};
  const auto check = [&](const Words& words, const Tensor& expected) {
    tape.begin(Tape::Mode::record);
    tape.backward(ops::sum(ops::embedding(tape[table], words)));
    CHECK(close(store.slice(tape.gradients(), table), expected, 0));
  };
  check({0, 1, 1}, tensor({4, 1}, {1, 2, 0, 0}));
  check({3}, tensor({4, 1}, {0, 0, 0, 1}));
  check({-1}, zeros({4, 1}));
}

TEST_CASE("a table may be read several times and multiplied with", "[ops]") {
  ParameterStore store;
  const Parameter table = store.add("table", {2, 2});
  Tensor weight = tensor({2, 2}, {1, 2, 3, 4});
  copy(weight, store.value(table));
  Tape tape{store};
  tape.begin(Tape::Mode::record);
  const Variable first = ops::embedding(tape[table], Words{1}), second = ops::embedding(tape[table], Words{1});
  const Variable product = ops::affine({{ops::add(first, second), tape[table]}}, {});
  tape.backward(ops::sum(product));
  // L = 2 E[1] (E[0] + E[1]):  d E[0] = 2 E[1],  d E[1] = 2 E[0] + 4 E[1]
  CHECK(close(store.slice(tape.gradients(), table), tensor({2, 2}, {6, 8, 14, 20})));
}

TEST_CASE("embedding makes no heap allocation", "[ops]") {
  ParameterStore store;
  const Parameter table = store.add("table", {5, 3});
  const Words words{1, 4, -1, 1};
  Tape tape{store};
  const auto step = [&] {
    tape.begin(Tape::Mode::record);
    tape.backward(ops::sum(ops::embedding(tape[table], words)));
  };
  step();
  step();
  const std::size_t before = allocations();
  step();
  CHECK(allocations() == before);
}

TEST_CASE("embedding refuses what does not fit", "[ops]") {
  Recording on;
  const Variable table = on.input(zeros({3, 2})), line = on.input(zeros({3}));
  const auto message = [](const Variable& from, const Words& words) {
    return message_of<Error>([&] { (void)ops::embedding(from, words); });
  };
  CHECK(message(table, {0, 3}) == "embedding: words must be at most 2, got 3");
  CHECK(message(line, {0}) == "embedding: table must have rank 2, got shape [3]");
  CHECK_THROWS_AS(ops::embedding(table, Words{3}), ArgumentError);
  CHECK_THROWS_AS(ops::embedding(line, Words{0}), ShapeError);
  CHECK(ops::embedding(table, Words{}).shape() == Shape{0, 2});
}

#ifdef SACCADE_REAL_DOUBLE
TEST_CASE("the gradient of embedding", "[grad]") {
  const auto op = [](Tape&, auto& in) {
    return ops::add(ops::embedding(in[0], Words{0, 2, 2, -1}), ops::embedding(in[0], Words{3, 2, -1, 0}));
  };
  CHECK(check_grad(op, {randn({5, 3}, 1)}));
}
#endif

}  // namespace
}  // namespace saccade
