#include "core/attention/read.hpp"

#include <vector>

#include "core/errors.hpp"
#include "core/ops/add.hpp"
#include "tests/support/allocations.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/check_grad.hpp"
#include "tests/support/messages.hpp"
#include "tests/support/tensors.hpp"

namespace saccade::attention {
namespace {

using namespace tests;

using Places = std::vector<std::int32_t>;

Tensor plain_read(const Tensor& weights, const Tensor& annotations) {
  Tensor z = zeros({annotations.shape(0), annotations.shape(2)});
  for (std::size_t b = 0; b < annotations.shape(0); ++b) {
    for (std::size_t l = 0; l < annotations.shape(1); ++l) {
      for (std::size_t d = 0; d < annotations.shape(2); ++d) z(b, d) += weights(b, l) * annotations(b, l, d);
    }
  }
  return z;
}

TEST_CASE("soft reading is a weighted sum of annotations", "[attention]") {
  for (const std::size_t places : {1UL, 4UL, 5UL, 11UL}) {
    for (const std::size_t size : {1UL, 19UL, 32UL}) {
      CAPTURE(places, size);
      Recording on;
      const Tensor weights = randn({3, places}, 1), annotations = randn({3, places, size}, 2);
      const Variable z = soft_read(on.input(weights), on.input(annotations));
      CHECK(close(z.value(), plain_read(weights, annotations)));
    }
  }
}

TEST_CASE("soft reading passes its gradients on", "[attention]") {
  Recording on;
  const Variable weights = on.input(tensor({1, 2}, {0.25, 0.75}));
  const Variable annotations = on.input(tensor({1, 2, 2}, {1, 2, 3, 4}));
  Tensor d_z = tensor({1, 2}, {1, -1});
  on.tape().backward(soft_read(weights, annotations), d_z);
  CHECK(close(weights.grad(), tensor({1, 2}, {-1, -1}), 0));
  CHECK(close(annotations.grad(), tensor({1, 2, 2}, {0.25, -0.25, 0.75, -0.75}), 0));
}

TEST_CASE("hard reading takes one annotation of each image", "[attention]") {
  Recording on;
  const Variable annotations = on.input(tensor({2, 3, 2}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}));
  Tensor d_z = tensor({2, 2}, {1, 2, 3, 4});
  const Variable z = hard_read(annotations, Places{2, 0});
  CHECK(close(z.value(), tensor({2, 2}, {5, 6, 7, 8}), 0));
  on.tape().backward(z, d_z);
  CHECK(close(annotations.grad(), tensor({2, 3, 2}, {0, 0, 0, 0, 1, 2, 3, 4, 0, 0, 0, 0}), 0));
}

TEST_CASE("the gradients of several readings add up, and of constants there are none", "[attention]") {
  Recording on;
  const Variable annotations = on.input(tensor({1, 2, 1}, {1, 2})), weights = on.input(tensor({1, 2}, {3, 4}));
  const Variable fixed = on.constant(tensor({1, 2, 1}, {5, 6})), uniform = on.constant(tensor({1, 2}, {1, 1}));
  Tensor d_z = tensor({1, 1}, {1});
  const Variable hard = ops::add(hard_read(annotations, Places{1}), hard_read(annotations, Places{1}));
  const Variable soft = ops::add(soft_read(weights, fixed), soft_read(uniform, annotations));
  on.tape().backward(ops::add(ops::add(hard, soft), soft_read(weights, annotations)), d_z);
  CHECK(close(annotations.grad(), tensor({1, 2, 1}, {4, 7}), 0));
  CHECK(close(weights.grad(), tensor({1, 2}, {6, 8}), 0));
  CHECK_FALSE(fixed.has_grad());
  CHECK_FALSE(uniform.has_grad());
}

TEST_CASE("hard reading keeps the places that it was given", "[attention]") {
  Recording on;
  const Variable annotations = on.input(randn({1, 3, 1}, 1));
  Places places{1};
  Tensor d_z = tensor({1, 1}, {1});
  const Variable z = hard_read(annotations, places);
  places[0] = 2;
  on.tape().backward(z, d_z);
  CHECK(close(annotations.grad(), tensor({1, 3, 1}, {0, 1, 0}), 0));
}

TEST_CASE("reading makes no heap allocation", "[attention]") {
  Tensor annotations = randn({2, 5, 19}, 1), weights = randn({2, 5}, 2), d_z = randn({2, 19}, 3);
  const Places places{4, 1};
  const ParameterStore store;
  Tape tape{store};
  const auto step = [&] {
    tape.begin(Tape::Mode::record);
    const Variable a = tape.input(annotations);
    tape.backward(ops::add(soft_read(tape.input(weights), a), hard_read(a, places)), d_z);
  };
  step();
  step();
  const std::size_t before = allocations();
  step();
  CHECK(allocations() == before);
}

TEST_CASE("reading refuses what does not fit", "[attention]") {
  Recording on;
  const Variable annotations = on.input(zeros({2, 4, 3})), weights = on.input(zeros({2, 3}));
  CHECK(message_of<ShapeError>([&] { (void)soft_read(weights, annotations); }) ==
        "soft_read: weights must have shape [2, 4], got [2, 3]");
  CHECK(message_of<ShapeError>([&] { (void)soft_read(weights, weights); }) ==
        "soft_read: annotations must have rank 3, got shape [2, 3]");
  const auto message = [&](const Places& places) {
    return message_of<Error>([&] { (void)hard_read(annotations, places); });
  };
  CHECK(message({0, 4}) == "hard_read: places must be in 0..3, got 4");
  CHECK(message({-1, 0}) == "hard_read: places must be in 0..3, got -1");
  CHECK(message({0}) == "hard_read: annotations must have extent 1 on axis 0, got shape [2, 4, 3]");
  CHECK_THROWS_AS(hard_read(annotations, Places{0, 4}), ArgumentError);
  CHECK_THROWS_AS(hard_read(weights, Places{0, 0}), ShapeError);
}

TEST_CASE("a batch can be read softly and hard", "[attention]") {
  Recording on;
  const Variable annotations = on.input(tensor({2, 2, 1}, {1, 2, 3, 4}));
  const Variable weights = on.input(tensor({2, 2}, {0.25, 0.75, 0.5, 0.5}));
  CHECK(close(mixed_read(weights, annotations, Places{-1, 1}).value(), tensor({2, 1}, {1.75, 4}), 1e-6));
  CHECK_THROWS_AS(mixed_read(weights, annotations, Places{-1, 2}), ArgumentError);
  CHECK_THROWS_AS(mixed_read(weights, annotations, Places{-1}), ShapeError);
}

#ifdef SACCADE_REAL_DOUBLE
TEST_CASE("the gradients of reading", "[grad]") {
  const auto soft = [](Tape&, auto& in) { return soft_read(in[0], in[1]); };
  CHECK(check_grad(soft, {randn({2, 5}, 1), randn({2, 5, 3}, 2)}));
  CHECK(check_grad(soft, {randn({1, 1}, 1), randn({1, 1, 17}, 2)}));
  const auto hard = [](Tape&, auto& in) {
    return ops::add(hard_read(in[0], Places{1, 3}), hard_read(in[0], Places{1, 0}));
  };
  CHECK(check_grad(hard, {randn({2, 4, 3}, 1)}));
  const auto mixed = [](Tape&, auto& in) {
    return ops::add(mixed_read(in[0], in[1], Places{2, -1}), mixed_read(in[0], in[1], Places{-1, 0}));
  };
  CHECK(check_grad(mixed, {randn({2, 4}, 1), randn({2, 4, 3}, 2)}));
}
#endif

}  // namespace
}  // namespace saccade::attention
