#include "agents/show_attend_tell/agent.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "agents/show_attend_tell/actor.hpp"
#include "core/errors.hpp"

namespace saccade::agents {
namespace {

const rl::EnvironmentSpec& check_world(const ShowAttendTellConfig& config, const rl::EnvironmentSpec& world) {
  if (world.observation.shape.rank() != 3 || !world.has_targets || !world.end_action) {
    throw ConfigError(fmt::format("agent show_attend_tell needs a world of captions, which {} is not", world.name));
  }
  if (config.attention == "hard" && config.baseline == "leave_one_out" && config.rollouts < 2) {
    throw ConfigError("agent.baseline = \"leave_one_out\" needs agent.rollouts of 2 or more");
  }
  return world;
}

}  // namespace

ShowAttendTellAgent::ShowAttendTellAgent(ShowAttendTellConfig config, const rl::EnvironmentSpec& world,
                                         std::uint64_t seed)
    : config_{std::move(config)},
      world_{check_world(config_, world)},
      networks_{nn::Scope(store_, seed), config_, world.observation.shape, world.num_actions} {}

std::unique_ptr<rl::Actor> ShowAttendTellAgent::actor() const { return std::make_unique<ShowAttendTellActor>(*this); }

std::size_t ShowAttendTellAgent::metric_count() const { return CaptionSums::count; }

rl::Report ShowAttendTellAgent::report(std::span<const double> sums, std::size_t episodes) const {
  const auto n = static_cast<double>(episodes);
  const double words = std::max(sums[CaptionSums::words], 1.0);
  rl::Report report{{"loss", sums[CaptionSums::loss] / n},
                    {"cross_entropy", -sums[CaptionSums::log_prob] / words},
                    {"error", sums[CaptionSums::wrong] / words}};
  if (attends()) {
    report.emplace_back("attention_entropy", sums[CaptionSums::entropy] / words);
    report.emplace_back("doubly_stochastic_penalty", sums[CaptionSums::penalty] / n);
  }
  if (config_.attention == "hard") {
    const double decisions = std::max(sums[CaptionSums::decisions], 1.0);
    const double mean = sums[CaptionSums::advantage] / decisions;
    const double variance = sums[CaptionSums::advantage_square] / decisions - mean * mean;
    report.emplace_back("policy_loss", sums[CaptionSums::policy] / n);
    report.emplace_back("advantage_mean", mean);
    report.emplace_back("advantage_std", std::sqrt(std::max(variance, 0.0)));
    report.emplace_back("score_gradient_square", sums[CaptionSums::score_gradient_square] / decisions);
  }
  return report;
}

void ShowAttendTellAgent::after_step(std::span<const double> sums, std::size_t /*episodes*/) {
  const double decisions = sums[CaptionSums::decisions];
  if (decisions > 0) moving_average_.update(sums[CaptionSums::reward] / decisions);
}

std::vector<rl::EvaluationMode> ShowAttendTellAgent::evaluation_modes(const rl::EvaluationEffort& effort) const {
  using rl::Decision;
  std::vector<std::pair<std::string, Decision>> contexts{{"", Decision::mean}};
  if (config_.attention == "hard") {
    contexts = {{", drawn context", Decision::sample},
                {", likeliest context", Decision::mode},
                {", expected context", Decision::mean}};
  }
  if (config_.attention == "uniform") {
    contexts = {{", drawn context", Decision::sample}, {", expected context", Decision::mean}};
  }
  const std::string power = effort.length_power == 1 ? "" : fmt::format(" with length power {:g}", effort.length_power);
  std::vector<rl::EvaluationMode> modes;
  for (const auto& [context, decision] : contexts) {
    modes.push_back({"greedy" + context, decision, 1, 1});
    if (effort.beam > 1) {
      modes.push_back(
          {fmt::format("beam of {}{}{}", effort.beam, power, context), decision, 1, effort.beam, effort.length_power});
    }
  }
  return modes;
}

std::vector<std::string> ShowAttendTellAgent::notes() const {
  const Encoder& encoder = networks_.encoder;
  const std::size_t places = encoder.rows() * encoder.columns();
  return {fmt::format("{} parameters, {} attention over {} places ({}x{}) of {} numbers, {} words", store_.count(),
                      config_.attention, places, encoder.rows(), encoder.columns(), encoder.size(), world_.num_actions),
          fmt::format("entropy of uniform attention: ln {} = {:.3f}", places, std::log(static_cast<double>(places)))};
}

}  // namespace saccade::agents
