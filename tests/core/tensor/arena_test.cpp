#include "core/tensor/arena.hpp"

#include <cstdint>

#include "tests/support/allocations.hpp"
#include "tests/support/catch.hpp"

namespace saccade {
namespace {

bool aligned(const void* memory) { return reinterpret_cast<std::uintptr_t>(memory) % Arena::alignment == 0; }

TEST_CASE("an arena hands out aligned memory that does not overlap", "[arena]") {
  Arena arena;
  auto* first = static_cast<char*>(arena.allocate(1));
  auto* second = static_cast<char*>(arena.allocate(65));
  auto* third = static_cast<char*>(arena.allocate(0));
  CHECK(aligned(first));
  CHECK(aligned(second));
  CHECK(second >= first + 1);
  CHECK(third >= second + 65);
  CHECK(arena.used() == 3 * Arena::alignment);
  CHECK(arena.capacity() >= arena.used());
}

TEST_CASE("an arena makes tensors and objects", "[arena]") {
  struct Pair {
    int a;
    double b;
  };
  Arena arena;
  const TensorView x = arena.tensor({3, 4});
  fill(x, 2);
  const Pair* pair = arena.create<Pair>(1, 0.5);
  CHECK(x.shape() == Shape{3, 4});
  CHECK(x[11] == 2);
  CHECK(pair->a == 1);
  CHECK(pair->b == 0.5);
}

TEST_CASE("memory stays valid while the arena grows", "[arena]") {
  Arena arena;
  const TensorView x = arena.tensor({1000});
  fill(x, 1);
  for (int i = 0; i < 20; ++i) fill(arena.tensor({100000}), 2);
  CHECK(x[999] == 1);
  CHECK(arena.capacity() >= 20 * 100000 * sizeof(Real));
}

TEST_CASE("after a rewind one block fits the whole step", "[arena]") {
  Arena arena;
  const auto step = [&] {
    for (int i = 0; i < 30; ++i) (void)arena.tensor({50000});
  };
  step();
  arena.rewind();
  CHECK(arena.used() == 0);
  const std::size_t before = tests::allocations();
  for (int repetition = 0; repetition < 3; ++repetition) {
    step();
    arena.rewind();
  }
  CHECK(tests::allocations() == before);
}

TEST_CASE("a rewound arena hands out the same memory again", "[arena]") {
  Arena arena;
  const void* first = arena.allocate(100);
  arena.rewind();
  CHECK(arena.allocate(50) == first);
  Arena never_used;
  never_used.rewind();
  CHECK(never_used.capacity() == 0);
}

}  // namespace
}  // namespace saccade
