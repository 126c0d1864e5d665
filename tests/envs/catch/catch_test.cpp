#include "envs/catch/catch.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

#include "core/errors.hpp"
#include "tests/support/allocations.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/check_environment.hpp"
#include "tests/support/messages.hpp"

namespace saccade::envs {
namespace {

using namespace tests;

enum Move : std::int32_t { left, stay, right };

CatchConfig small() {
  CatchConfig config;
  config.side = 8;
  config.train = 100;
  config.validation = 20;
  config.test = 20;
  return config;
}

std::vector<rl::EpisodeKey> all_of(const CatchGame& world, rl::Split split) {
  std::vector<rl::EpisodeKey> keys;
  for (std::uint64_t i = 0; i < world.size(split); ++i) keys.push_back({split, i, i, i});
  return keys;
}

/// The column of the ball in a row of a screen, which must hold one.
std::size_t ball_in(const TensorView& screens, std::size_t b, std::size_t row) {
  const std::size_t side = screens.dim(1);
  const Real* pixels = screens.data() + (b * side + row) * side;
  const Real* ball = std::find(pixels, pixels + side, Real{1});
  REQUIRE(ball != pixels + side);
  return static_cast<std::size_t>(ball - pixels);
}

/// Screens as text, "@" for what is lit, side by side.
std::string text_of(const TensorView& screens) {
  std::string text = "\n";
  for (std::size_t row = 0; row < screens.dim(1); ++row) {
    for (std::size_t b = 0; b < screens.dim(0); ++b) {
      if (b > 0) text += ' ';
      for (std::size_t x = 0; x < screens.dim(2); ++x) {
        text += screens.data()[(b * screens.dim(1) + row) * screens.dim(2) + x] == 0 ? '.' : '@';
      }
    }
    text += '\n';
  }
  return text;
}

/// Plays all episodes of a split at once. @return how many were rewarded
using Player = std::function<std::int32_t(std::size_t episode, std::size_t step)>;
std::size_t play(const CatchGame& world, rl::Split split, const Player& player) {
  const auto episodes = world.episodes();
  const std::vector<rl::EpisodeKey> keys = all_of(world, split);
  std::vector<std::int32_t> actions(keys.size());
  rl::TimeStep now = episodes->reset(keys);
  std::size_t step = 0;
  while (now.kind != rl::StepKind::last) {
    for (std::size_t b = 0; b < keys.size(); ++b) actions[b] = player(b, step);
    now = episodes->step(actions);
    ++step;
  }
  CHECK(step == world.spec().max_steps);
  return static_cast<std::size_t>(std::count(now.reward.begin(), now.reward.end(), Real{1}));
}

/// Where the ball of an episode comes down, by the rule of the game and nothing of its code: a triangle wave.
std::size_t landing_column(const CatchGame& world, const rl::EpisodeKey& key) {
  const CatchGame::Start start = world.start(key);
  const auto last = static_cast<double>(world.config().side - 1);
  const double straight = start.ball + start.drift * static_cast<double>(world.spec().max_steps);
  const double folded = std::abs(std::remainder(straight, 2 * last));
  return static_cast<std::size_t>(std::lround(folded));
}

TEST_CASE("catch keeps the promises of an environment", "[catch]") {
  CHECK(check_environment(CatchGame({})) == no_faults);
  CHECK(check_environment(CatchGame(small())) == no_faults);
}

TEST_CASE("catch has the sizes of the paper", "[catch]") {
  const CatchGame world({});
  CHECK(world.spec().observation.shape == Shape{24, 24, 1});
  CHECK(world.spec().num_actions == 3);
  CHECK(world.spec().max_steps == 23);
  CHECK_FALSE(world.spec().has_targets);
  CHECK(world.size(rl::Split::train) == 50000);
  CHECK(world.size(rl::Split::validation) == 2000);
  CHECK(world.size(rl::Split::test) == 10000);
}

TEST_CASE("a game of catch is the same for ever", "[catch]") {
  const CatchGame world(small());
  const auto film = [&](std::uint64_t index, const std::vector<std::int32_t>& moves) {
    const auto episodes = world.episodes();
    Tensor screens = zeros({moves.size() + 1, 8, 8, 1});
    rl::TimeStep now = episodes->reset(std::vector<rl::EpisodeKey>{{rl::Split::test, index}});
    std::copy_n(now.observation.data(), 64, screens.data());
    for (std::size_t i = 0; i < moves.size(); ++i) {
      now = episodes->step(std::array<std::int32_t, 1>{moves[i]});
      std::copy_n(now.observation.data(), 64, screens.data() + 64 * (i + 1));
    }
    CHECK(now.kind == rl::StepKind::last);
    return text_of(screens) + (now.reward[0] == 1 ? "caught" : "missed");
  };
  const std::vector<std::int32_t> moves{left, left, left, left, left, stay, stay};
  CHECK(film(5, moves) == R"(
......@. ........ ........ ........ ........ ........ ........ ........
........ .......@ ........ ........ ........ ........ ........ ........
........ ........ ......@. ........ ........ ........ ........ ........
........ ........ ........ .....@.. ........ ........ ........ ........
........ ........ ........ ........ ....@... ........ ........ ........
........ ........ ........ ........ ........ ....@... ........ ........
........ ........ ........ ........ ........ ........ ...@.... ........
......@@ .....@@. ....@@.. ...@@... ..@@.... .@@..... .@@..... .@@.....
caught)");
  CHECK(film(7, moves) == R"(
..@..... ........ ........ ........ ........ ........ ........ ........
........ .@...... ........ ........ ........ ........ ........ ........
........ ........ @....... ........ ........ ........ ........ ........
........ ........ ........ .@...... ........ ........ ........ ........
........ ........ ........ ........ ..@..... ........ ........ ........
........ ........ ........ ........ ........ ..@..... ........ ........
........ ........ ........ ........ ........ ........ ...@.... ........
.@@..... @@...... @@...... @@...... @@...... @@...... @@...... @@..@...
missed)");
}

TEST_CASE("every ball of catch can be caught", "[catch]") {
  const CatchGame world({});
  for (const rl::Split split : {rl::Split::validation, rl::Split::test}) {
    std::vector<std::size_t> goals, paddles;
    for (const rl::EpisodeKey& key : all_of(world, split)) {
      goals.push_back(std::min<std::size_t>(landing_column(world, key), 22));
      paddles.push_back(world.start(key).paddle);
    }
    const auto oracle = [&](std::size_t b, std::size_t) {
      if (paddles[b] == goals[b]) return stay;
      const bool to_the_right = paddles[b] < goals[b];
      to_the_right ? ++paddles[b] : --paddles[b];
      return to_the_right ? right : left;
    };
    CHECK(play(world, split, oracle) == world.size(split));
  }
}

TEST_CASE("paddles that do not try catch what falls on them", "[catch]") {
  const CatchGame world({});
  const auto count = [&](const std::function<bool(std::size_t column, std::size_t paddle)>& caught) {
    std::size_t total = 0;
    for (const rl::EpisodeKey& key : all_of(world, rl::Split::test)) {
      total += caught(landing_column(world, key), world.start(key).paddle) ? 1 : 0;
    }
    return total;
  };
  const auto always = [](Move move) { return [=](std::size_t, std::size_t) { return move; }; };
  const std::size_t still = play(world, rl::Split::test, always(stay));
  CHECK(still ==
        count([](std::size_t column, std::size_t paddle) { return column == paddle || column == paddle + 1; }));
  CHECK(still == 848);
  // After 23 steps one way the paddle lies at that side, wherever it began.
  CHECK(play(world, rl::Split::test, always(left)) ==
        count([](std::size_t column, std::size_t) { return column < 2; }));
  CHECK(play(world, rl::Split::test, always(right)) ==
        count([](std::size_t column, std::size_t) { return column > 21; }));
  CHECK(play(world, rl::Split::test, always(left)) == 702);
  CHECK(play(world, rl::Split::test, always(right)) == 666);
}

TEST_CASE("a paddle is on the screen and moves as it is told", "[catch]") {
  const CatchGame world(small());
  const auto episodes = world.episodes();
  const auto paddle_after = [&](Move move, std::size_t steps) {
    const std::vector<rl::EpisodeKey> keys{{rl::Split::test, 3}};
    rl::TimeStep now = episodes->reset(keys);
    for (std::size_t i = 0; i < steps; ++i) now = episodes->step(std::array<std::int32_t, 1>{move});
    const std::size_t column = ball_in(now.observation, 0, 7);
    CHECK(now.observation[7 * 8 + column + 1] == 1);
    return column;
  };
  const std::size_t start = world.start({rl::Split::test, 3}).paddle;
  REQUIRE(start > 0);
  CHECK(paddle_after(stay, 0) == start);
  CHECK(paddle_after(stay, 6) == start);
  CHECK(paddle_after(left, 1) == start - 1);
  CHECK(paddle_after(left, 6) == 0);
  CHECK(paddle_after(right, 6) == 6);
}

TEST_CASE("a ball bounces off the sides and a mirror changes nothing", "[catch]") {
  double ball = 0.5;
  double drift = -1;
  move_ball(ball, drift, 8);
  CHECK((ball == 0.5 && drift == 1));
  ball = 7;
  move_ball(ball, drift, 8);
  CHECK((ball == 6 && drift == -1));
  ball = 0.25;
  drift = 1.25;
  move_ball(ball, drift, 2);
  CHECK((ball == 0.5 && drift == -1.25));
  ball = 0;
  drift = -1.25;
  move_ball(ball, drift, 2);  // off both sides in one step
  CHECK((ball == 0.75 && drift == -1.25));

  const CatchGame world({});
  for (const rl::EpisodeKey& key : all_of(world, rl::Split::validation)) {
    CatchGame::Start one = world.start(key);
    CatchGame::Start other{23 - one.ball, -one.drift, 0};
    for (std::size_t step = 0; step < 23; ++step) {
      move_ball(one.ball, one.drift, 24);
      move_ball(other.ball, other.drift, 24);
      CHECK(std::abs(one.ball - (23 - other.ball)) < 1e-9);
      CHECK((one.ball >= 0 && one.ball <= 23));
    }
  }
}

TEST_CASE("starts of catch are spread as the settings say", "[catch]") {
  CatchConfig config;
  const auto histogram = [&](const std::function<std::size_t(const CatchGame::Start&)>& value) {
    const CatchGame world(config);
    std::array<int, 24> counts{};
    for (std::uint64_t visit = 0; visit < 24000; ++visit) {
      ++counts.at(value(world.start({rl::Split::train, 0, 0, visit})));
    }
    return counts;
  };
  const auto near = [](int count, double expected) { return std::abs(count - expected) < 5 * std::sqrt(expected); };
  const auto ball = [](const CatchGame::Start& s) { return static_cast<std::size_t>(s.ball); };
  const auto paddle = [](const CatchGame::Start& s) { return s.paddle; };
  // The angle, from 0 for -45 degrees to 23 for 45 degrees.
  const auto angle = [](const CatchGame::Start& s) {
    return static_cast<std::size_t>(24 * (std::asin(s.drift / std::sqrt(2.0)) / std::acos(-1.0) * 2 + 0.5));
  };
  for (const int count : histogram(ball)) CHECK(near(count, 1000));
  for (const int count : histogram(angle)) CHECK(near(count, 1000));
  const auto paddles = histogram(paddle);
  CHECK(paddles[23] == 0);
  for (std::size_t i = 0; i < 23; ++i) CHECK(near(paddles.at(i), 24000.0 / 23));
  config.ball_start = config.paddle_start = "centre";
  config.slant = 0;
  CHECK(histogram(ball)[12] == 24000);
  CHECK(histogram(paddle)[11] == 24000);
  CHECK(CatchGame(config).start({rl::Split::test, 5}).drift == 0);
}

TEST_CASE("training draws each game anew, tests never change", "[catch]") {
  const CatchGame world({});
  const auto drift = [&](const rl::EpisodeKey& key) { return world.start(key).drift; };
  CHECK(drift({rl::Split::train, 1, 0, 7}) != drift({rl::Split::train, 1, 0, 8}));
  CHECK(drift({rl::Split::train, 1, 0, 7}) == drift({rl::Split::train, 1, 55, 7}));
  CHECK(drift({rl::Split::test, 1, 0, 7}) == drift({rl::Split::test, 1, 3, 8}));
  CHECK(drift({rl::Split::validation, 1, 0, 7}) == drift({rl::Split::validation, 1, 3, 8}));
  CHECK(drift({rl::Split::validation, 1}) != drift({rl::Split::test, 1}));
  CatchConfig other;
  other.seed = 1;
  CHECK(drift({rl::Split::test, 1}) != CatchGame(other).start({rl::Split::test, 1}).drift);
}

TEST_CASE("a game of catch makes no heap allocation once it has been played", "[catch]") {
  const CatchGame world(small());
  const auto episodes = world.episodes();
  const std::vector<rl::EpisodeKey> keys = all_of(world, rl::Split::test);
  const std::vector<std::int32_t> actions(keys.size(), stay);
  const auto play_once = [&] {
    rl::TimeStep now = episodes->reset(keys);
    while (now.kind != rl::StepKind::last) now = episodes->step(actions);
  };
  play_once();
  const std::size_t before = allocations();
  play_once();
  CHECK(allocations() == before);
}

TEST_CASE("a paddle wider than the screen is refused", "[catch]") {
  CatchConfig config = small();
  config.paddle = 9;
  CHECK(message_of<ConfigError>([&] { CatchGame{config}; }) ==
        "catch: environment.paddle must be at most side, got 9 and 8");
  config.paddle = 8;
  CHECK(play(CatchGame(config), rl::Split::test, [](std::size_t, std::size_t) { return stay; }) == 20);
}

}  // namespace
}  // namespace saccade::envs
