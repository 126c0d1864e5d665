#include "core/nn/embedding.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/errors.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/check_grad.hpp"
#include "tests/support/messages.hpp"
#include "tests/support/tensors.hpp"

namespace saccade::nn {
namespace {

using namespace tests;

using Words = std::vector<std::int32_t>;

TEST_CASE("an embedding is a table of vectors", "[nn]") {
  ParameterStore store;
  const Embedding words(Scope(store, 1) / "words", 7, 4);
  CHECK(store.name(words.weight()) == "words.weight");
  CHECK(store.shape(words.weight()) == Shape{7, 4});
  const TensorView weight = store.value(words.weight());
  const Real longest = *std::max_element(weight.begin(), weight.end());
  CHECK(longest > 0.25);
  CHECK(longest <= 0.5);
  Tape tape{store};
  tape.begin(Tape::Mode::infer);
  const Variable y = words(tape, Words{6, -1});
  CHECK(close(y.value().rows(0, 1), to_tensor(weight.rows(6, 1)), 0));
  CHECK(close(y.value().rows(1, 1), zeros({1, 4}), 0));
}

TEST_CASE("an embedding has words and a size", "[nn]") {
  ParameterStore store;
  CHECK(
      has(message_of<ArgumentError>([&] { Embedding(Scope(store, 1), 0, 3); }), "Embedding: sizes must be at least 1"));
  CHECK_THROWS_AS(Embedding(Scope(store, 1), 3, 0), ArgumentError);
}

#ifdef SACCADE_REAL_DOUBLE
TEST_CASE("the gradient of an embedding", "[grad]") {
  ParameterStore store;
  const Embedding words(Scope(store, 1), 5, 3);
  CHECK(check_parameter_grad(store, [&](Tape& tape) { return words(tape, Words{1, 1, 4, -1}); }));
}
#endif

}  // namespace
}  // namespace saccade::nn
