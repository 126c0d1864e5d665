#include "core/rl/actions.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

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

TEST_CASE("an action that is masked is never the most probable one", "[rl][actions]") {
  Tensor log_probs{{-1, -2, -3}, {-3, -1, -2}};
  const std::vector<std::int32_t> masked{0, 1};
  rl::mask_actions(log_probs, masked);
  CHECK((log_probs(0, 2) == -3 && log_probs(1, 2) == -2));
  std::vector<std::int32_t> actions;
  rl::most_probable_actions(log_probs, actions);
  CHECK(actions == std::vector<std::int32_t>{2, 2});
  for (const std::int32_t none : {-1, 3}) {
    CHECK_THROWS_AS(rl::mask_actions(log_probs, std::vector<std::int32_t>{none}), ArgumentError);
  }
  CHECK_THROWS_AS(rl::mask_actions(TensorView(log_probs).reshaped({6}), masked), ShapeError);
}

TEST_CASE("actions are drawn with their probabilities", "[rl][actions]") {
  constexpr std::size_t draws = 20000;
  Tensor log_probs = zeros({draws, 3});
  std::vector<random::Stream> streams;
  for (std::size_t b = 0; b < draws; ++b) {
    log_probs(b, 0) = std::log(Real{0.5});
    log_probs(b, 1) = -std::numeric_limits<Real>::infinity();
    log_probs(b, 2) = std::log(Real{0.5});
    streams.emplace_back(1, random::Purpose("test draws"), 0, b);
  }
  std::vector<std::int32_t> actions;
  rl::sample_actions(log_probs, streams, actions);
  const auto count = [&](std::int32_t action) { return std::count(actions.begin(), actions.end(), action); };
  CHECK(count(1) == 0);
  CHECK(count(0) + count(2) == draws);
  CHECK(std::abs(count(0) - 10000) < 350);
  for (std::size_t b = 0; b < 100; ++b) {
    random::Stream stream(1, random::Purpose("test draws"), 0, b);
    CHECK(actions[b] == (stream.uniform() < 0.5 ? 0 : 2));
  }
}

TEST_CASE("a certain action is always drawn, and no action from what is no distribution", "[rl][actions]") {
  const auto infinity = std::numeric_limits<Real>::infinity();
  std::vector<random::Stream> streams{random::Stream(1, random::Purpose("test draws"))};
  std::vector<std::int32_t> actions;
  Tensor certain{{-infinity, 0, -infinity}};
  rl::sample_actions(certain, streams, actions);
  CHECK(actions == std::vector<std::int32_t>{1});
  Tensor rounded{{Real{-69}, -infinity}};  // a sum far below the number that is drawn
  rl::sample_actions(rounded, streams, actions);
  CHECK(actions == std::vector<std::int32_t>{0});
  Tensor impossible{{-infinity, -infinity}};
  CHECK_THROWS_AS(rl::sample_actions(impossible, streams, actions), NonFiniteError);
  Tensor broken{{0, std::numeric_limits<Real>::quiet_NaN()}};
  CHECK_THROWS_AS(rl::sample_actions(broken, streams, actions), NonFiniteError);
  Tensor two = zeros({2, 3});
  CHECK_THROWS_AS(rl::sample_actions(two, streams, actions), ShapeError);
}
