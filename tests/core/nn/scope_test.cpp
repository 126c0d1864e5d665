#include "core/nn/scope.hpp"

#include <algorithm>
#include <cmath>

#include "core/nn/linear.hpp"
#include "core/nn/lstm_cell.hpp"
#include "core/nn/rnn_cell.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/tensors.hpp"

namespace saccade::nn {
namespace {

using namespace tests;

/// Every value is inside +-bound, and they use the whole of it.
bool fills(const TensorView& x, double bound) {
  const auto [low, high] = std::minmax_element(x.begin(), x.end());
  return double{*low} >= -bound && double{*low}<-0.8 * bound&& double{*high} <= bound&& double{*high}> 0.8 * bound;
}

TensorView value(const ParameterStore& store, std::string_view name) { return store.value(store.find(name)); }

TEST_CASE("initial values lie within one over the root of the inputs", "[nn]") {
  ParameterStore store;
  const Scope scope(store, 1);
  const Linear linear(scope / "linear", 100, 64);
  const RnnCell rnn(scope / "rnn", 25, 64);
  const LstmCell lstm(scope / "lstm", 25, 16);
  CHECK(fills(value(store, "linear.weight"), 0.1));
  CHECK(fills(value(store, "linear.bias"), 0.1));
  CHECK(fills(value(store, "rnn.input.weight"), 0.2));
  CHECK(fills(value(store, "rnn.recurrent.weight"), 0.125));
  CHECK(fills(value(store, "rnn.bias"), 0.125));
  CHECK(fills(value(store, "lstm.input.weight"), 0.25));
  CHECK(fills(value(store, "lstm.recurrent.weight"), 0.25));
}

TEST_CASE("the same seed gives the same values and another gives others", "[nn]") {
  const auto weight = [](std::uint64_t seed) {
    ParameterStore store;
    const Linear layer(Scope(store, seed) / "layer", 3, 4);
    return to_tensor(store.value(layer.weight()));
  };
  CHECK((weight(1) == weight(1)));
  CHECK((weight(1) != weight(2)));
}

TEST_CASE("adding a module changes no other", "[nn]") {
  ParameterStore alone, among;
  const RnnCell cell(Scope(alone, 1) / "core", 3, 4);
  const Linear before(Scope(among, 1) / "before", 3, 4);
  const RnnCell same(Scope(among, 1) / "core", 3, 4);
  const Linear after(Scope(among, 1) / "core" / "after", 3, 4);
  for (const char* name : {"core.input.weight", "core.recurrent.weight", "core.bias"}) {
    CHECK(close(value(among, name), to_tensor(value(alone, name)), 0));
  }
  CHECK_FALSE(close(value(among, "before.weight"), to_tensor(value(among, "core.after.weight")), 0));
}

TEST_CASE("scopes make names", "[nn]") {
  ParameterStore store;
  const Scope scope = Scope(store, 1) / "a" / "b";
  CHECK(store.name(scope.uniform("c", {2}, 1)) == "a.b.c");
  CHECK(close(store.value(scope.constant("d", {2}, 3)), tensor({2}, {3, 3}), 0));
  CHECK(&scope.store() == &store);
}

}  // namespace
}  // namespace saccade::nn
