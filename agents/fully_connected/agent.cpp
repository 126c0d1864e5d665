#include "agents/fully_connected/agent.hpp"

#include <fmt/format.h>

#include <array>

#include "core/errors.hpp"
#include "core/ops/log_softmax.hpp"
#include "core/ops/multiply.hpp"
#include "core/ops/reshape.hpp"
#include "core/ops/softmax_cross_entropy.hpp"
#include "core/ops/stop_gradient.hpp"
#include "core/ops/sum.hpp"
#include "core/rl/actions.hpp"

namespace saccade::agents {
namespace {

enum Sum : std::size_t { loss_sum, reward_sum, sum_count };

class FullyConnectedActor final : public rl::Actor {
 public:
  explicit FullyConnectedActor(const FullyConnectedAgent& agent) : agent_{&agent} {}

  void begin(Tape& tape, const rl::Policy& /*policy*/, std::span<const rl::EpisodeKey> keys) override {
    tape_ = &tape;
    actions_.assign(keys.size(), 0);
    sums_.fill(0);
  }

  std::span<const std::int32_t> act(const rl::TimeStep& now) override {
    // A copy: the first layer's gradient reads it after the world has stepped on.
    const TensorView observation = tape_->arena().tensor(now.observation.shape());
    copy(now.observation, observation);
    const Variable image = tape_->constant(observation);
    const std::size_t batch = actions_.size();
    logits_ = agent_->logits(ops::reshape(image, {batch, image.value().size() / batch}));
    log_probs_ = ops::log_softmax(ops::stop_gradient(logits_)).value();
    rl::most_probable_actions(log_probs_, actions_);
    return actions_;
  }

  void observe(const rl::TimeStep& next) override {
    targets_.assign(next.target.begin(), next.target.end());
    for (const Real reward : next.reward) sums_[reward_sum] += static_cast<double>(reward);
  }

  Variable loss(std::size_t episodes) override {
    const Variable cross_entropy = ops::sum(ops::softmax_cross_entropy(logits_, targets_));
    sums_[loss_sum] = static_cast<double>(cross_entropy.value()[0]);
    return ops::scale(cross_entropy, Real{1} / static_cast<Real>(episodes));
  }

  void add_metrics(std::span<double> sums) const override {
    for (std::size_t i = 0; i < sum_count; ++i) sums[i] += sums_[i];
  }

  [[nodiscard]] TensorView action_log_probs() const override { return log_probs_; }

 private:
  const FullyConnectedAgent* agent_;
  Tape* tape_ = nullptr;
  std::vector<std::int32_t> actions_;
  std::vector<std::int32_t> targets_;
  Variable logits_;
  TensorView log_probs_;
  std::array<double, sum_count> sums_{};
};

}  // namespace

void FullyConnectedConfig::describe(config::Fields& fields) {
  fields.add("hidden", &hidden, "units of each layer of rectifiers", config::range(1, 65536));
}

FullyConnectedAgent::FullyConnectedAgent(const FullyConnectedConfig& config, const rl::EnvironmentSpec& world,
                                         std::uint64_t seed) {
  if (!world.has_targets || world.max_steps != 1) {
    throw ConfigError(fmt::format(
        "agent fully_connected needs a world of one action with a known right answer, which {} is not", world.name));
  }
  const nn::Scope scope(store_, seed);
  std::size_t in = world.observation.shape.size();
  for (std::size_t i = 0; i < config.hidden.size(); ++i) {
    const auto out = static_cast<std::size_t>(config.hidden[i]);
    layers_.emplace_back(scope / fmt::format("layer{}", i), in, out);
    in = out;
  }
  layers_.emplace_back(scope / "action", in, world.num_actions);
}

Variable FullyConnectedAgent::logits(const Variable& x) const {
  Variable h = x;
  for (std::size_t i = 0; i + 1 < layers_.size(); ++i) h = layers_[i](h, ops::Activation::relu);
  return layers_.back()(h);
}

std::unique_ptr<rl::Actor> FullyConnectedAgent::actor() const { return std::make_unique<FullyConnectedActor>(*this); }

std::size_t FullyConnectedAgent::metric_count() const { return sum_count; }

rl::Report FullyConnectedAgent::report(std::span<const double> sums, std::size_t episodes) const {
  const double n = static_cast<double>(episodes);
  return {{"loss", sums[loss_sum] / n}, {"error", 1 - sums[reward_sum] / n}};
}

std::vector<std::string> FullyConnectedAgent::notes() const { return {fmt::format("{} parameters", store_.count())}; }

}  // namespace saccade::agents
