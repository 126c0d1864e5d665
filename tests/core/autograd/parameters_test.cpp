#include "core/autograd/parameters.hpp"

#include <cstdint>
#include <new>

#include "core/errors.hpp"
#include "core/tensor/arena.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/messages.hpp"
#include "tests/support/tensors.hpp"

namespace saccade {
namespace {

using namespace tests;

TEST_CASE("a store keeps parameters by name", "[parameters]") {
  ParameterStore store;
  const Parameter weight = store.add("layer.weight", {3, 5});
  const Parameter bias = store.add("layer.bias", {3});
  CHECK(store.size() == 2);
  CHECK(store.count() == 18);
  CHECK(store.name(bias) == "layer.bias");
  CHECK(store.shape(weight) == Shape{3, 5});
  CHECK(store.find("layer.bias").index == bias.index);
  CHECK(message_of<ArgumentError>([&] { (void)store.find("layer"); }) == "ParameterStore::find: there is no layer");
  CHECK(message_of<ArgumentError>([&] { store.add("layer.bias", {1}); }) ==
        "ParameterStore::add: the name layer.bias is taken");
}

TEST_CASE("parameters start at zero and keep their values while the store grows", "[parameters]") {
  ParameterStore store;
  const Parameter a = store.add("a", {2, 2});
  CHECK(close(store.value(a), zeros({2, 2}), 0));
  fill(store.value(a), 7);
  const Parameter b = store.add("b", {3});
  CHECK(close(store.value(a), tensor({2, 2}, {7, 7, 7, 7}), 0));
  CHECK(close(store.value(b), zeros({3}), 0));
}

TEST_CASE("parameters lie in one array on cache lines with zeros between", "[parameters]") {
  ParameterStore store;
  for (const char* name : {"a", "b", "c"}) fill(store.value(store.add(name, {5})), 1);
  const TensorView all = store.values();
  const std::size_t line = Arena::alignment / sizeof(Real);
  CHECK(all.size() == 3 * line);
  for (std::size_t i = 0; i < all.size(); ++i) CHECK(all[i] == (i % line < 5 ? 1 : 0));
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(reinterpret_cast<std::uintptr_t>(store.value(Parameter{i}).data()) % Arena::alignment == 0);
  }
  Tensor state = zeros(all.shape());
  const TensorView slice = store.slice(state, Parameter{1});
  CHECK(slice.data() == state.data() + line);
  CHECK(slice.shape() == Shape{5});
}

TEST_CASE("parameters that no memory can hold are refused before it is taken", "[parameters]") {
  ParameterStore store;
  CHECK_THROWS_AS(store.add("huge", {std::size_t{1} << 24, std::size_t{1} << 20}), std::bad_alloc);
  CHECK(store.size() == 0);
}

TEST_CASE("an empty store has no numbers", "[parameters]") {
  const ParameterStore store;
  CHECK(store.size() == 0);
  CHECK(store.count() == 0);
  CHECK(store.values().size() == 0);
}

}  // namespace
}  // namespace saccade
