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
/// Losses, each a sum over decisions and a mean over episodes:
///   cross-entropy of the class                              trains action, core and glimpse networks
/// + policy_coefficient   x REINFORCE of the locations       trains the location network (option: also core and
/// glimpse)
/// + baseline_coefficient x squared error of the baseline    trains the baseline
///
/// The density is that of the raw draw; the retina and the location input of the glimpse network get the draw clipped
/// to
/// [-1, 1]. T glimpses with a given first one are T - 1 decisions, with a learned first one T.
class RamAgent final : public rl::Agent {
 public:
  /// @param seed  of the initial parameters
  /// @throws ConfigError  unless observations are images and the world names the right action
  RamAgent(RamConfig config, const rl::EnvironmentSpec& world, std::uint64_t seed);

  ParameterStore& parameters() override { return store_; }
  [[nodiscard]] std::unique_ptr<rl::Actor> actor() const override;
  [[nodiscard]] std::size_t rollouts() const override { return config_.rollouts; }
  [[nodiscard]] std::size_t metric_count() const override;
  [[nodiscard]] rl::Report report(std::span<const double> sums, std::size_t episodes) const override;
  void after_step(std::span<const double> sums, std::size_t episodes) override;
  [[nodiscard]] std::vector<rl::NamedNumber> state() override;
  /// Learned locations: their mean ("first drawn" if the first glimpse is random all the same), one sample, samples
  /// averaged. Random ones have no mean; central ones are always the same.
  [[nodiscard]] std::vector<rl::EvaluationMode> evaluation_modes(std::size_t samples) const override;
  [[nodiscard]] std::vector<std::string> notes() const override;

  [[nodiscard]] const RamConfig& config() const { return config_; }
  [[nodiscard]] const RamNetworks& networks() const { return networks_; }
  [[nodiscard]] const rl::EnvironmentSpec& world() const { return world_; }
  [[nodiscard]] double moving_average() const { return moving_average_.value(); }
  [[nodiscard]] attention::RetinaGeometry retina() const {
    return {config_.glimpse_size, config_.glimpse_scales, world_.observation.minimum};
  }

 private:
  RamConfig config_;
  rl::EnvironmentSpec world_;
  ParameterStore store_;
  RamNetworks networks_;
  rl::MovingAverage moving_average_{config_.baseline_decay};
};

}  // namespace saccade::agents
