#pragma once

#include "core/config/fields.hpp"
#include "core/random/stream.hpp"
#include "core/rl/environment.hpp"

namespace saccade::envs {

/// Settings of the world `catch`. Sizes are the paper's; slant and starts, which it does not give, are those of a
/// re-implementation (samrudhdhirangrej/Recurrent-Model-of-Visual-Attention).
struct CatchConfig {
  std::size_t side = 24;                 // of the screen, pixels
  std::size_t paddle = 2;                // width, pixels
  double slant = 45;                     // greatest angle of the fall from the vertical, degrees
  std::string ball_start = "uniform";    // uniform | centre
  std::string paddle_start = "uniform";  // uniform | centre
  std::size_t train = 50000;             // episodes of a split
  std::size_t validation = 2000;
  std::size_t test = 10000;
  std::size_t seed = 0;  // names the set of episodes

  void describe(config::Fields& fields);
};

/// The game Catch of Mnih et al. 2014, section 4.2. A ball of one pixel falls from the top row of a binary screen, one
/// row a step, and bounces off the sides; below it a paddle moves along the bottom row by one pixel a step. Actions: 0
/// to the left, 1 stay, 2 to the right; at the sides the paddle stays. With the action that brings the ball to the
/// bottom row, the (side - 1)-th, the episode ends; its reward is 1 if the paddle is where the ball comes down, else 0.
///
/// The angle a of the fall is uniform in [-slant, slant] from the vertical, and the ball moves sqrt(2) sin(a) pixels
/// across a step: one pixel at 45 degrees. It is drawn in the column that its exact place p rounds to, and bounces
/// where its edge meets that of the screen, p = 0 and p = side - 1.
///
/// From any start the paddle can be anywhere in time, so every ball can be caught. Training draws each visit anew;
/// validation and test have one episode for each index, the same for ever. Observations are [B, side, side, 1].
class CatchGame final : public rl::Environment {
 public:
  /// How an episode begins.
  struct Start {
    double ball = 0;     ///< place across, in [0, side - 1]
    double drift = 0;    ///< pixels across a step
    std::size_t paddle;  ///< its leftmost column
  };

  /// @throws ConfigError  if the paddle is wider than the screen
  explicit CatchGame(const CatchConfig& config);

  [[nodiscard]] const rl::EnvironmentSpec& spec() const override { return spec_; }
  [[nodiscard]] std::size_t size(rl::Split split) const override;
  [[nodiscard]] std::unique_ptr<rl::Episodes> episodes() const override;

  [[nodiscard]] Start start(const rl::EpisodeKey& key) const;
  [[nodiscard]] const CatchConfig& config() const { return config_; }

 private:
  CatchConfig config_;
  rl::EnvironmentSpec spec_;
};

/// Where a ball is a step later: `ball` and the sign of `drift` change at the sides of a screen of that width.
void move_ball(double& ball, double& drift, std::size_t side);

}  // namespace saccade::envs
