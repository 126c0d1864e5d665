#include "envs/catch/catch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/errors.hpp"

namespace saccade::envs {
namespace {

std::size_t column_of(double place) { return static_cast<std::size_t>(std::floor(place + 0.5)); }

class CatchEpisodes final : public rl::Episodes {
 public:
  explicit CatchEpisodes(const CatchGame& world) : world_{&world}, side_{world.config().side} {}

  rl::TimeStep reset(std::span<const rl::EpisodeKey> keys) override {
    rl::check_keys(world_->spec().name, *world_, keys);
    games_.clear();
    for (const rl::EpisodeKey& key : keys) games_.push_back(world_->start(key));
    rewards_.assign(keys.size(), 0);
    discounts_.assign(keys.size(), 1);
    screens_.resize(keys.size() * side_ * side_);
    row_ = 0;
    running_ = true;
    return {rl::StepKind::first, draw(), rewards_, discounts_, {}};
  }

  rl::TimeStep step(std::span<const std::int32_t> actions) override {
    if (!running_) throw ArgumentError(fmt::format("{}: the episodes are over; call reset first", world_->spec().name));
    rl::check_actions(world_->spec().name, world_->spec(), actions, games_.size());
    ++row_;
    for (std::size_t b = 0; b < games_.size(); ++b) move(games_[b], actions[b]);
    if (row_ + 1 < side_) return {rl::StepKind::mid, draw(), rewards_, discounts_, {}};
    for (std::size_t b = 0; b < games_.size(); ++b) rewards_[b] = caught(games_[b]) ? Real{1} : Real{0};
    std::fill(discounts_.begin(), discounts_.end(), Real{0});
    running_ = false;
    return {rl::StepKind::last, draw(), rewards_, discounts_, {}};
  }

 private:
  void move(CatchGame::Start& game, std::int32_t action) const {
    if (action == 0 && game.paddle > 0) --game.paddle;
    if (action == 2 && game.paddle + world_->config().paddle < side_) ++game.paddle;
    move_ball(game.ball, game.drift, side_);
  }

  [[nodiscard]] bool caught(const CatchGame::Start& game) const {
    const std::size_t column = column_of(game.ball);
    return column >= game.paddle && column < game.paddle + world_->config().paddle;
  }

  TensorView draw() {
    std::fill(screens_.begin(), screens_.end(), Real{0});
    Real* screen = screens_.data();
    for (const CatchGame::Start& game : games_) {
      std::fill_n(screen + (side_ - 1) * side_ + game.paddle, world_->config().paddle, Real{1});
      screen[row_ * side_ + column_of(game.ball)] = 1;
      screen += side_ * side_;
    }
    return {screens_.data(), {games_.size(), side_, side_, 1}};
  }

  const CatchGame* world_;
  std::size_t side_;
  std::vector<CatchGame::Start> games_;
  std::vector<Real> screens_;
  std::vector<Real> rewards_;
  std::vector<Real> discounts_;
  std::size_t row_ = 0;
  bool running_ = false;
};

}  // namespace

void CatchConfig::describe(config::Fields& fields) {
  fields.add("side", &side, "width and height of the screen, pixels", config::range(2, 1024));
  fields.add("paddle", &paddle, "width of the paddle, pixels", config::range(1, 1024));
  fields.add("slant", &slant, "the fall is uniform within this angle from the vertical, degrees", config::range(0, 90));
  fields.add("ball_start", &ball_start, "column in which the ball begins", config::one_of({"uniform", "centre"}));
  fields.add("paddle_start", &paddle_start, "place in which the paddle begins", config::one_of({"uniform", "centre"}));
  fields.add("train", &train, "training episodes of an epoch, drawn anew at each visit", config::range(1, 1e9));
  fields.add("validation", &validation, "validation episodes", config::range(1, 1e9));
  fields.add("test", &test, "test episodes", config::range(1, 1e9));
  fields.add("seed", &seed, "names the set of episodes; not the seed of a run", config::at_least(0));
}

CatchGame::CatchGame(const CatchConfig& config) : config_{config} {
  if (config.paddle > config.side) {
    throw ConfigError(
        fmt::format("catch: environment.paddle must be at most side, got {} and {}", config.paddle, config.side));
  }
  spec_.name = "catch";
  spec_.observation = {{config.side, config.side, 1}, 0, 1};
  spec_.num_actions = 3;
  spec_.max_steps = config.side - 1;
}

std::size_t CatchGame::size(rl::Split split) const {
  switch (split) {
    case rl::Split::train: return config_.train;
    case rl::Split::validation: return config_.validation;
    case rl::Split::test: break;
  }
  return config_.test;
}

std::unique_ptr<rl::Episodes> CatchGame::episodes() const { return std::make_unique<CatchEpisodes>(*this); }

CatchGame::Start CatchGame::start(const rl::EpisodeKey& key) const {
  random::Stream stream = rl::episode_stream(config_.seed, random::Purpose("catch"), key);
  const auto place = [&](const std::string& kind, std::size_t places) {
    return kind == "centre" ? places / 2 : stream.below(static_cast<std::uint32_t>(places));
  };
  Start start{};
  start.ball = static_cast<double>(place(config_.ball_start, config_.side));
  const double angle = stream.uniform(-config_.slant, config_.slant) / 180 * std::numbers::pi;
  start.drift = std::numbers::sqrt2 * std::sin(angle);
  start.paddle = place(config_.paddle_start, config_.side - config_.paddle + 1);
  return start;
}

void move_ball(double& ball, double& drift, std::size_t side) {
  const auto last = static_cast<double>(side - 1);
  ball += drift;
  while (ball < 0 || ball > last) {
    ball = ball < 0 ? -ball : 2 * last - ball;
    drift = -drift;
  }
}

}  // namespace saccade::envs
