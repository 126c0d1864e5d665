#include "agents/ram/agent.hpp"

#include <fmt/format.h>

#include <cmath>

#include "agents/ram/actor.hpp"
#include "core/errors.hpp"

namespace saccade::agents {
namespace {

const rl::EnvironmentSpec& check_world(const RamConfig& config, const rl::EnvironmentSpec& world) {
  if (world.observation.shape.rank() != 3) {
    throw ConfigError(fmt::format("agent ram needs images [H, W, C], but {} shows {}", world.name,
                                  to_string(world.observation.shape)));
  }
  if (world.has_targets) {
    rl::check_recognition("ram", world);
    if (config.entropy_coefficient > 0 || config.discount < 1) {
      throw ConfigError(fmt::format(
          "agent.entropy_coefficient and agent.discount are for actions that are drawn, which they are not in {}",
          world.name));
    }
  } else if (config.reward != "outcome") {
    throw ConfigError(
        fmt::format("agent.reward must be \"outcome\" in {}, which does not tell right answers", world.name));
  }
  return world;
}

/// Spread of values from their sums.
double deviation(double sum, double square, double count) {
  const double mean = sum / count;
  return std::sqrt(std::max(square / count - mean * mean, 0.0));
}

}  // namespace

RamAgent::RamAgent(RamConfig config, const rl::EnvironmentSpec& world, std::uint64_t seed)
    : config_{std::move(config)},
      world_{check_world(config_, world)},
      networks_{nn::Scope(store_, seed), config_, world.observation.shape[2], world.num_actions} {}

std::unique_ptr<rl::Actor> RamAgent::actor() const { return std::make_unique<RamActor>(*this); }

std::size_t RamAgent::metric_count() const { return RamSums::count; }

rl::Report RamAgent::report(std::span<const double> sums, std::size_t episodes) const {
  const auto n = static_cast<double>(episodes);
  const double locations = std::max(sums[RamSums::locations], 1.0);
  const double decisions = std::max(sums[RamSums::decisions], 1.0);
  const double spread_weight = std::max(sums[RamSums::spread_weight], 1.0);
  rl::Report report{{"loss", sums[RamSums::loss] / n}};
  if (supervised()) {
    report.emplace_back("classification_loss", sums[RamSums::action] / n);
  } else {
    report.emplace_back("action_loss", sums[RamSums::action] / n);
    report.emplace_back("action_entropy", sums[RamSums::entropy] / std::max(sums[RamSums::actions], 1.0));
  }
  report.insert(report.end(),
                {{"policy_loss", sums[RamSums::policy] / n},
                 {"baseline_loss", sums[RamSums::baseline] / n},
                 {"error", 1 - sums[RamSums::reward] / n},
                 {"advantage_std", deviation(sums[RamSums::advantage], sums[RamSums::advantage_square], decisions)},
                 {"location_spread_x", std::sqrt(sums[RamSums::xx] / spread_weight)},
                 {"location_spread_y", std::sqrt(sums[RamSums::yy] / spread_weight)},
                 {"locations_clipped", sums[RamSums::clipped] / locations}});
  return report;
}

void RamAgent::after_step(std::span<const double> sums, std::size_t /*episodes*/) {
  if (sums[RamSums::decisions] > 0) moving_average_.update(sums[RamSums::returns] / sums[RamSums::decisions]);
}

std::vector<rl::NamedNumber> RamAgent::state() { return {{"moving_average", moving_average_.state()}}; }

std::vector<rl::EvaluationMode> RamAgent::evaluation_modes(const rl::EvaluationEffort& effort) const {
  if (!supervised()) return modes_of_control();
  if (config_.locations == "centre") return Agent::evaluation_modes(effort);
  std::vector<rl::EvaluationMode> modes{
      {"one sample", rl::Decision::sample, 1},
      {fmt::format("{} samples averaged", effort.samples), rl::Decision::sample, effort.samples}};
  if (config_.locations == "random") return modes;
  const char* mean = config_.first_location == "random" ? "mean location, first drawn" : "mean location";
  modes.insert(modes.begin(), {mean, rl::Decision::mean, 1});
  return modes;
}

std::vector<rl::EvaluationMode> RamAgent::modes_of_control() const {
  std::string mean = "likeliest action";
  if (config_.locations == "learned") {
    mean = config_.first_location == "random" ? "mean location, first drawn, likeliest action"
                                              : "mean location, likeliest action";
  }
  return {{mean, rl::Decision::mean, 1}, {"one sample", rl::Decision::sample, 1}};
}

std::vector<std::string> RamAgent::notes() const {
  const Shape& image = world_.observation.shape;
  std::vector<std::string> notes{fmt::format(
      "{} parameters, {} glimpse{} of {}x{} at {} scale{} on {}x{} images{}", store_.count(), config_.glimpses,
      config_.glimpses == 1 ? "" : "s", config_.glimpse_size, config_.glimpse_size, config_.glimpse_scales,
      config_.glimpse_scales == 1 ? "" : "s", image[1], image[0], supervised() ? "" : " before each action")};
  if (config_.locations == "learned") {
    notes.push_back(fmt::format("location std {:g} of the half-width: {:.2f} pixels across, {:.2f} down",
                                config_.location_std, config_.location_std * static_cast<double>(image[1]) / 2,
                                config_.location_std * static_cast<double>(image[0]) / 2));
  }
  return notes;
}

}  // namespace saccade::agents
