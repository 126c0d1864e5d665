#include "core/rl/actions.hpp"

#include "core/errors.hpp"
#include "tests/support/catch.hpp"

using namespace saccade;

TEST_CASE("the most probable action is the first of the largest", "[rl][actions]") {
  Tensor log_probs{{-1, -2, -3}, {-3, -1, -1}, {-5, -4, -2}};
  std::vector<std::int32_t> actions;
  rl::most_probable_actions(log_probs, actions);
  CHECK(actions == std::vector<std::int32_t>{0, 1, 2});
  CHECK_THROWS_AS(rl::most_probable_actions(TensorView(log_probs).reshaped({9}), actions), ShapeError);
}
