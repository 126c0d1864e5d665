#pragma once

#include "agents/ram/config.hpp"
#include "agents/ram/networks.hpp"
#include "core/attention/retina.hpp"
#include "core/rl/agent.hpp"
#include "core/rl/baseline.hpp"

namespace saccade::agents {

/// Recurrent attention model (Mnih, Heess, Graves, Kavukcuoglu 2014, "Recurrent Models of Visual Attention"). Sees an
/// image only through T glimpses, each placed by a Gaussian policy on the state of a recurrent core, and then names the
/// class.
///
/// Where the world reveals the right action, the action network is a classifier, as in section 4.1. Where it only
/// rewards, as in the game of section 4.2, an episode has many actions, each drawn from the softmax after T more
/// glimpses of what is then to be seen, and the core remembers from step to step.
///
/// Losses, each a sum over decisions and a mean over episodes:
///   the action's: cross-entropy of the class, or else
///   REINFORCE - entropy_coefficient x entropy               trains action, core and glimpse networks
/// + policy_coefficient   x REINFORCE of the locations       trains the location network (option: also core and
///                                                           glimpse)
/// + baseline_coefficient x squared error of the baseline    trains the baseline
///
/// A decision made before the world's step t, be it an action or a location, has the return R_t, the sum of rewards
/// from that step's on, discounted by the world and by `discount`, and the baseline b(h) of the state that it is made
/// from. What an episode does after its end (a discount of 0), while others of the batch go on, counts for nothing.
///
/// The density is that of the raw draw; the retina and the location input of the glimpse network get the draw clipped
/// to [-1, 1]. T glimpses with a given first one are T - 1 decisions, with a learned first one T; only an episode's
/// first glimpse can be given.
///
/// The report's location_spread_x and _y, in image coordinates: the standard deviation over episodes of where one and
/// the same glimpse falls, over all glimpses but an episode's first. When places do not depend on what is seen it is
/// that of the policy, location_std.
class RamAgent final : public rl::Agent {
 public:
  /// @param seed  of the initial parameters
  /// @throws ConfigError  unless observations are images and the world names the right action or only rewards, or for
  ///                      an entropy bonus or a discount where actions are not drawn
  RamAgent(RamConfig config, const rl::EnvironmentSpec& world, std::uint64_t seed);

  ParameterStore& parameters() override { return store_; }
  [[nodiscard]] std::unique_ptr<rl::Actor> actor() const override;
  [[nodiscard]] std::size_t rollouts() const override { return config_.rollouts; }
  [[nodiscard]] std::size_t metric_count() const override;
  [[nodiscard]] rl::Report report(std::span<const double> sums, std::size_t episodes) const override;
  void after_step(std::span<const double> sums, std::size_t episodes) override;
  [[nodiscard]] std::vector<rl::NamedNumber> state() override;
  /// Learned locations: their mean ("first drawn" if the first glimpse is random all the same), one sample, samples
  /// averaged. Random ones have no mean; central ones are always the same. Where actions are drawn there is the most
  /// probable one ("likeliest action"), with the mean location if there is one, and one sample; roll-outs that act
  /// differently see different things, so there is nothing to average.
  [[nodiscard]] std::vector<rl::EvaluationMode> evaluation_modes(const rl::EvaluationEffort& effort) const override;
  [[nodiscard]] std::vector<std::string> notes() const override;

  [[nodiscard]] const RamConfig& config() const { return config_; }
  [[nodiscard]] const RamNetworks& networks() const { return networks_; }
  [[nodiscard]] const rl::EnvironmentSpec& world() const { return world_; }
  /// Whether the action is trained by its right answer, not by rewards.
  [[nodiscard]] bool supervised() const { return world_.has_targets; }
  [[nodiscard]] double moving_average() const { return moving_average_.value(); }
  [[nodiscard]] attention::RetinaGeometry retina() const {
    return {config_.glimpse_size, config_.glimpse_scales, world_.observation.minimum};
  }

 private:
  [[nodiscard]] std::vector<rl::EvaluationMode> modes_of_control() const;

  RamConfig config_;
  rl::EnvironmentSpec world_;
  ParameterStore store_;
  RamNetworks networks_;
  rl::MovingAverage moving_average_{config_.baseline_decay};
};

}  // namespace saccade::agents
