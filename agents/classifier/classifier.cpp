#include "agents/classifier/classifier.hpp"

#include <fmt/format.h>

#include <array>

#include "core/ops/log_softmax.hpp"
#include "core/ops/multiply.hpp"
#include "core/ops/softmax_cross_entropy.hpp"
#include "core/ops/stop_gradient.hpp"
#include "core/ops/sum.hpp"
#include "core/rl/actions.hpp"

namespace saccade::agents {
namespace {

enum Sum : std::size_t { loss_sum, reward_sum, sum_count };

class ClassifierActor final : public rl::Actor {
 public:
  explicit ClassifierActor(const Classifier& agent) : agent_{&agent} {}

  void begin(Tape& tape, const rl::Policy& /*policy*/, std::span<const rl::EpisodeKey> keys) override {
    tape_ = &tape;
    actions_.assign(keys.size(), 0);
    sums_.fill(0);
  }

  std::span<const std::int32_t> act(const rl::TimeStep& now) override {
    // A copy: gradients read it after the world has stepped on.
    const TensorView observation = tape_->arena().tensor(now.observation.shape());
    assign(observation, agent_->gain() * flat(now.observation));
    logits_ = agent_->logits(tape_->constant(observation));
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
  const Classifier* agent_;
  Tape* tape_ = nullptr;
  std::vector<std::int32_t> actions_;
  std::vector<std::int32_t> targets_;
  Variable logits_;
  TensorView log_probs_;
  std::array<double, sum_count> sums_{};
};

}  // namespace

Classifier::Classifier(std::string_view agent, const rl::EnvironmentSpec& world, double gain)
    : gain_{static_cast<Real>(gain)} {
  rl::check_recognition(agent, world);
}

void describe_gain(config::Fields& fields, double& gain) {
  fields.add("gain", &gain, "factor on the pixels, for images that are mostly dark", config::above(0));
}

std::unique_ptr<rl::Actor> Classifier::actor() const { return std::make_unique<ClassifierActor>(*this); }

std::size_t Classifier::metric_count() const { return sum_count; }

rl::Report Classifier::report(std::span<const double> sums, std::size_t episodes) const {
  const auto n = static_cast<double>(episodes);
  return {{"loss", sums[loss_sum] / n}, {"error", 1 - sums[reward_sum] / n}};
}

std::vector<std::string> Classifier::notes() const { return {fmt::format("{} parameters", store_.count())}; }

}  // namespace saccade::agents
