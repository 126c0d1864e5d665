// The recurrent attention model in worlds that only reward: many actions an episode, and no right ones.
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "agents/ram/actor.hpp"
#include "agents/ram/agent.hpp"
#include "core/errors.hpp"
#include "core/ops/reshape.hpp"
#include "envs/catch/catch.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/check_environment.hpp"
#include "tests/support/check_grad.hpp"
#include "tests/support/farthest.hpp"
#include "tests/support/messages.hpp"
#include "tests/support/player.hpp"

namespace saccade::agents {
namespace {

using namespace tests;

constexpr std::size_t episodes_count = 4;
constexpr std::size_t steps_count = 3;
constexpr std::size_t actions_count = 3;
constexpr Real half = 0.5;

/// Noise to look at, anew each step, and a reward for each step and action. The discount is a half. Episodes of odd
/// index are over after two steps; what follows pays a thousand, which must count for nothing.
class Noise final : public rl::Environment {
 public:
  Noise() {
    spec_ = {"noise", {{5, 6, 1}, 0, 1}, actions_count, steps_count, -2, 1000, false};
    pixels_ = tests::uniform({episodes_count, steps_count + 1, 30}, 0, 1, 1);
    rewards_ = tests::uniform({episodes_count, steps_count, actions_count}, -1, 1, 2);
  }
  [[nodiscard]] const rl::EnvironmentSpec& spec() const override { return spec_; }
  [[nodiscard]] std::size_t size(rl::Split) const override { return episodes_count; }
  [[nodiscard]] std::unique_ptr<rl::Episodes> episodes() const override;

  [[nodiscard]] static std::size_t length(std::uint64_t index) { return index % 2 == 1 ? 2 : steps_count; }
  [[nodiscard]] const Real* picture(std::uint64_t index, std::size_t step) const { return &pixels_(index, step, 0); }
  [[nodiscard]] Real reward(std::uint64_t index, std::size_t step, std::size_t action) const {
    return step < length(index) ? rewards_(index, step, action) : Real{1000};
  }

 private:
  rl::EnvironmentSpec spec_;
  Tensor pixels_;
  Tensor rewards_;
};

class NoiseEpisodes final : public rl::Episodes {
 public:
  explicit NoiseEpisodes(const Noise& world) : world_{&world} {}

  rl::TimeStep reset(std::span<const rl::EpisodeKey> keys) override {
    rl::check_keys("noise", *world_, keys);
    keys_.assign(keys.begin(), keys.end());
    step_ = 0;
    rewards_.assign(keys.size(), 0);
    discounts_.assign(keys.size(), half);
    return show(rl::StepKind::first);
  }

  rl::TimeStep step(std::span<const std::int32_t> actions) override {
    if (keys_.empty() || step_ == steps_count) throw ArgumentError("noise: call reset first");
    rl::check_actions("noise", world_->spec(), actions, keys_.size());
    for (std::size_t b = 0; b < keys_.size(); ++b) {
      rewards_[b] = world_->reward(keys_[b].index, step_, static_cast<std::size_t>(actions[b]));
      discounts_[b] = step_ + 1 == Noise::length(keys_[b].index) ? Real{0} : half;
    }
    ++step_;
    return show(step_ == steps_count ? rl::StepKind::last : rl::StepKind::mid);
  }

 private:
  rl::TimeStep show(rl::StepKind kind) {
    pixels_.clear();
    for (const rl::EpisodeKey& key : keys_) {
      const Real* picture = world_->picture(key.index, step_);
      pixels_.insert(pixels_.end(), picture, picture + 30);
    }
    return {kind, {pixels_.data(), {keys_.size(), 5, 6, 1}}, rewards_, discounts_, {}};
  }

  const Noise* world_;
  std::vector<rl::EpisodeKey> keys_;
  std::vector<Real> pixels_;
  std::vector<Real> rewards_;
  std::vector<Real> discounts_;
  std::size_t step_ = 0;
};

std::unique_ptr<rl::Episodes> Noise::episodes() const { return std::make_unique<NoiseEpisodes>(*this); }

RamConfig small(const std::string& core = "lstm") {
  RamConfig config;
  config.glimpses = 2;
  config.glimpse_size = 3;
  config.glimpse_gain = 2;
  config.core = core;
  config.hidden = 6;
  config.what_hidden = 5;
  config.where_hidden = 5;
  config.glimpse_features = 6;
  config.first_location = "learned";
  config.entropy_coefficient = 0.3;
  config.discount = 0.8;
  config.policy_coefficient = 0.7;
  config.baseline_coefficient = 0.4;
  return config;
}

/// What a batch of all episodes did: all that its loss depends on beside the parameters.
struct Played {
  std::vector<std::vector<std::int32_t>> actions;  // [steps][B]
  std::vector<Tensor> locations;                   // of each glimpse, [B, 2]
  std::vector<Tensor> log_probs;                   // of each step, [B, actions]
  std::vector<double> sums;
};

/// An agent among noise that has played once, with its gradients.
struct Trial {
  explicit Trial(const RamConfig& config) : agent{config, world.spec(), 1}, tape{agent.parameters()} {
    const auto actor = agent.actor();
    const auto episodes = world.episodes();
    std::vector<rl::EpisodeKey> keys;
    for (std::uint64_t i = 0; i < episodes_count; ++i) keys.push_back({rl::Split::train, i, i, i});
    tape.begin(Tape::Mode::record);
    actor->begin(tape, {}, keys);
    rl::TimeStep now = episodes->reset(keys);
    while (now.kind != rl::StepKind::last) {
      const auto actions = actor->act(now);
      played.actions.emplace_back(actions.begin(), actions.end());
      played.log_probs.push_back(to_tensor(actor->action_log_probs()));
      now = episodes->step(actions);
      actor->observe(now);
    }
    for (const rl::Glimpse& glimpse : actor->glimpses()) played.locations.push_back(to_tensor(glimpse.location));
    tape.backward(actor->loss(episodes_count));
    played.sums.resize(agent.metric_count());
    actor->add_metrics(played.sums);
  }

  /// R_t by its definition, with half the agent's discount a step.
  [[nodiscard]] double return_of(std::size_t b, std::size_t t) const {
    double total = 0, weight = 1;
    for (std::size_t i = t; i < Noise::length(b); ++i, weight *= 0.4) {
      total += weight * static_cast<double>(world.reward(b, i, static_cast<std::size_t>(played.actions[i][b])));
    }
    return total;
  }
  [[nodiscard]] double log_prob(std::size_t b, std::size_t t) const {
    return static_cast<double>(played.log_probs[t](b, static_cast<std::size_t>(played.actions[t][b])));
  }

  Noise world;
  RamAgent agent;
  Tape tape;
  Played played;
};

TEST_CASE("the noise of these tests keeps the promises of an environment", "[ram][control]") {
  CHECK(check_environment(Noise()) == no_faults);
}

TEST_CASE("rewards and densities are put together as by hand", "[ram][control]") {
  RamConfig config = small();
  config.baseline = "none";
  config.location_std = 0.01;
  config.first_location = "centre";
  Noise world;
  Trial trial(config);
  double actions = 0, reward = 0, entropy = 0, advantage = 0;
  std::size_t decisions = 0;
  for (std::size_t b = 0; b < episodes_count; ++b) {
    for (std::size_t t = 0; t < Noise::length(b); ++t) {
      actions -= trial.return_of(b, t) * trial.log_prob(b, t);
      reward += static_cast<double>(world.reward(b, t, static_cast<std::size_t>(trial.played.actions[t][b])));
      for (std::size_t k = 0; k < actions_count; ++k) {
        const auto log_p = static_cast<double>(trial.played.log_probs[t](b, k));
        entropy -= std::exp(log_p) * log_p;
      }
      const std::size_t locations = t == 0 ? 1 : 2;  // two glimpses a step, the first of all given
      advantage += static_cast<double>(1 + locations) * trial.return_of(b, t);
      decisions += 1 + locations;
    }
  }
  const std::vector<double>& sums = trial.played.sums;
  CHECK(std::abs(sums[RamSums::action] - actions) < 10 * rounding);
  CHECK(std::abs(sums[RamSums::reward] - reward) < 10 * rounding);
  CHECK(std::abs(sums[RamSums::entropy] - entropy) < 10 * rounding);
  CHECK(std::abs(sums[RamSums::advantage] - advantage) < 10 * rounding);
  CHECK(sums[RamSums::decisions] == static_cast<double>(decisions));
  CHECK(sums[RamSums::actions] == 10);
  CHECK(sums[RamSums::locations] == 2 * steps_count * episodes_count);
  CHECK(trial.played.locations[0](0, 0) == 0);
  const double parts = sums[RamSums::action] - 0.3 * sums[RamSums::entropy] + sums[RamSums::policy];
  CHECK(std::abs(sums[RamSums::loss] - parts) < 100 * rounding);
}

TEST_CASE("densities of locations are weighed with what came after them", "[ram][control]") {
  RamConfig config = small();
  config.baseline = "none";
  config.location_std = 0.05;
  config.first_location = "centre";
  config.policy_gradient_into_core = true;
  config.location_mean = "linear";
  Noise world;
  RamAgent agent{config, world.spec(), 1};
  Trial trial(config);
  // Means from the networks along the recorded path.
  Tape tape{agent.parameters()};
  tape.begin(Tape::Mode::infer);
  ops::LstmState state;
  double policy = 0;
  for (std::size_t i = 0; i < trial.played.locations.size(); ++i) {
    Tensor& location = trial.played.locations[i];
    const std::size_t t = i / 2;
    if (i > 0) {
      const TensorView mean = agent.networks().location(state.h).value();
      for (std::size_t b = 0; b < episodes_count; ++b) {
        if (t >= Noise::length(b)) continue;
        double squares = 0;
        for (std::size_t d = 0; d < 2; ++d) squares += std::pow(double{location(b, d)} - double{mean(b, d)}, 2);
        const double density = -squares / (2 * 0.05 * 0.05) - std::log(2 * std::numbers::pi * 0.05 * 0.05);
        policy -= 0.7 * trial.return_of(b, t) * density;
      }
    }
    const TensorView images = tape.arena().tensor({episodes_count, 5, 6, 1});
    for (std::size_t b = 0; b < episodes_count; ++b) std::copy_n(world.picture(b, t), 30, images.data() + 30 * b);
    const Variable patches = attention::retina(tape.constant(images), location, agent.retina());
    state = agent.networks().core(
        agent.networks().glimpse(ops::reshape(patches, {episodes_count, 9}), tape.constant(location)), state);
  }
  CHECK(std::abs(trial.played.sums[RamSums::policy] - policy) < 1e3 * rounding * std::abs(policy));
}

TEST_CASE("actions and locations of one state have one baseline each", "[ram][control]") {
  RamConfig config = small();
  Trial trial(config);
  CHECK(trial.played.sums[RamSums::baseline] > 0);
  CHECK(trial.played.sums[RamSums::decisions] == 30);  // three decisions before each of ten steps that count
  config.baseline = "moving_average";
  Trial other(config);
  CHECK(other.played.sums[RamSums::baseline] == 0);
}

#ifdef SACCADE_REAL_DOUBLE
/// The surrogate whose gradient REINFORCE takes, written down a second time: draws, advantages and what has no gradient
/// are the numbers of the trial, and everything else follows the parameters.
class Surrogate {
 public:
  explicit Surrogate(Trial& trial) : trial_{&trial}, tape_{trial.agent.parameters()} {
    first_ = true;
    value();
    first_ = false;
  }

  double value() {
    tape_.begin(Tape::Mode::infer);
    state_ = {};
    total_ = 0;
    decision_ = 0;
    for (std::size_t t = 0; t < steps_count; ++t) {
      for (std::size_t g = 0; g < config().glimpses; ++g) look(t, t * config().glimpses + g);
      act(t);
    }
    return total_ / episodes_count;
  }

 private:
  const RamConfig& config() const { return trial_->agent.config(); }
  const RamNetworks& networks() const { return trial_->agent.networks(); }

  void look(std::size_t t, std::size_t glimpse) {
    Tensor& location = trial_->played.locations[glimpse];
    const TensorView state = now();
    const Frozen& frozen = freeze(state);
    const TensorView from = config().policy_gradient_into_core ? state : TensorView(frozen_[decision_ - 1].state);
    const TensorView mean = networks().location(tape_.constant(from), ops::Activation::tanh).value();
    for (std::size_t b = 0; b < episodes_count; ++b) {
      double density = -2 * std::log(config().location_std) - std::log(2 * std::numbers::pi);
      for (std::size_t d = 0; d < 2; ++d) {
        density -= std::pow((location(b, d) - mean(b, d)) / config().location_std, 2) / 2;
      }
      add(b, t, frozen, config().policy_coefficient * density);
    }
    const TensorView images = tape_.arena().tensor({episodes_count, 5, 6, 1});
    for (std::size_t b = 0; b < episodes_count; ++b) {
      std::copy_n(trial_->world.picture(b, t), 30, images.data() + 30 * b);
    }
    const Variable patches = attention::retina(tape_.constant(images), location, trial_->agent.retina());
    const Variable row = ops::reshape(patches, {episodes_count, 9});
    state_ = networks().core(networks().glimpse(row, tape_.constant(location)), state_);
  }

  void act(std::size_t t) {
    const Frozen& frozen = freeze(state_.h.value());
    const TensorView logits = networks().action(state_.h).value();
    for (std::size_t b = 0; b < episodes_count; ++b) {
      double sum = 0;
      for (std::size_t k = 0; k < actions_count; ++k) sum += std::exp(logits(b, k));
      const auto log_p = [&](std::size_t k) { return logits(b, k) - std::log(sum); };
      add(b, t, frozen, log_p(static_cast<std::size_t>(trial_->played.actions[t][b])));
      if (t >= Noise::length(b)) continue;
      for (std::size_t k = 0; k < actions_count; ++k) {
        total_ += config().entropy_coefficient * std::exp(log_p(k)) * log_p(k);
      }
    }
  }

  struct Frozen {
    Tensor state;
    Tensor baseline;
  };

  TensorView now() {
    if (state_.h) return state_.h.value();
    const TensorView none = tape_.arena().tensor({episodes_count, config().hidden});
    fill(none, 0);
    return none;
  }

  /// State and baseline of this decision as they were at first; the baseline as it is now is added to the surrogate.
  const Frozen& freeze(const TensorView& state) {
    if (first_) {
      const Variable baseline = networks().baseline(tape_.constant(state));
      frozen_.push_back({to_tensor(state), to_tensor(baseline.value())});
    }
    return frozen_[decision_++];
  }

  void add(std::size_t b, std::size_t t, const Frozen& frozen, double log_prob) {
    if (t >= Noise::length(b)) return;
    const double target = trial_->return_of(b, t);
    total_ -= (target - frozen.baseline(b, 0)) * log_prob;
    Tensor state = frozen.state;
    const double baseline = networks().baseline(tape_.constant(TensorView(state))).value()(b, 0);
    total_ += config().baseline_coefficient * std::pow(baseline - target, 2);
  }

  Trial* trial_;
  Tape tape_;
  ops::LstmState state_;
  std::vector<Frozen> frozen_;
  std::size_t decision_ = 0;
  double total_ = 0;
  bool first_ = false;
};

TEST_CASE("gradients of control are those of the surrogate", "[ram][control][grad]") {
  for (const std::string core : {"rnn", "lstm"}) {
    for (const bool into_core : {false, true}) {
      CAPTURE(core, into_core);
      RamConfig config = small(core);
      config.policy_gradient_into_core = into_core;
      Trial trial(config);
      Surrogate surrogate(trial);
      CHECK(std::abs(surrogate.value() - trial.played.sums[RamSums::loss] / episodes_count) < 1e-12);
      const TensorView values = trial.agent.parameters().values();
      Farthest farthest;
      for (std::size_t i = 0; i < values.size(); ++i) {
        const double before = values[i];
        values[i] = before + 1e-6;
        const double above = surrogate.value();
        values[i] = before - 1e-6;
        const double below = surrogate.value();
        values[i] = before;
        farthest.add((above - below) / 2e-6 - trial.tape.gradients()[i]);
      }
      CHECK(farthest.distance() < 1e-7);
      CHECK(trial.played.sums[RamSums::clipped] == 0);
    }
  }
}
#endif

TEST_CASE("what an action earns trains the core, what a location earns only where it is asked to", "[ram][control]") {
  const auto same = [](Trial& a, Trial& b, std::string_view prefix) {
    const ParameterStore& store = a.agent.parameters();
    for (std::size_t i = 0; i < store.size(); ++i) {
      if (!store.name(Parameter{i}).starts_with(prefix)) continue;
      Tensor other = to_tensor(store.slice(b.tape.gradients(), Parameter{i}));
      if (!close(store.slice(a.tape.gradients(), Parameter{i}), other, 0)) return false;
    }
    return true;
  };
  RamConfig without = small();
  without.policy_coefficient = 0;
  Trial none(without), with(small());
  CHECK(same(none, with, "core."));
  CHECK(same(none, with, "glimpse."));
  CHECK(same(none, with, "action."));
  CHECK_FALSE(same(none, with, "location."));
  RamConfig into_core = small();
  into_core.policy_gradient_into_core = true;
  Trial all(into_core);
  CHECK_FALSE(same(none, all, "core."));
  CHECK(same(none, all, "action."));
}

TEST_CASE("most probable actions are not drawn", "[ram][control]") {
  RamConfig config = small();
  config.first_location = "learned";
  const Noise world;
  RamAgent agent{config, world.spec(), 1};
  Player player{world, agent};
  const auto log_probs = [&](rl::Decision decision, std::uint64_t seed) {
    player.play(0, episodes_count, Tape::Mode::infer, {decision, seed});
    return to_tensor(player.actor().action_log_probs());
  };
  CHECK((log_probs(rl::Decision::mean, 1) == log_probs(rl::Decision::mean, 2)));
  CHECK((log_probs(rl::Decision::sample, 1) == log_probs(rl::Decision::sample, 1)));
  CHECK((log_probs(rl::Decision::sample, 1) != log_probs(rl::Decision::sample, 2)));
}

TEST_CASE("control has no mode that averages samples", "[ram][control]") {
  const auto names = [](const std::string& locations, const std::string& first) {
    RamConfig config = small();
    config.locations = locations;
    config.first_location = first;
    std::vector<std::string> result;
    for (const auto& mode : RamAgent(config, Noise().spec(), 1).evaluation_modes({7})) {
      CHECK(mode.samples == 1);
      result.push_back(mode.name);
    }
    return result;
  };
  using Names = std::vector<std::string>;
  CHECK(names("learned", "learned") == Names{"mean location, likeliest action", "one sample"});
  CHECK(names("learned", "random") == Names{"mean location, first drawn, likeliest action", "one sample"});
  CHECK(names("random", "random") == Names{"likeliest action", "one sample"});
  CHECK(names("centre", "centre") == Names{"likeliest action", "one sample"});
}

TEST_CASE("a report of control speaks of actions", "[ram][control]") {
  Trial trial(small());
  const rl::Report report = trial.agent.report(trial.played.sums, episodes_count);
  const auto find = [&](std::string_view name) {
    const auto at = std::find_if(report.begin(), report.end(), [&](const auto& entry) { return entry.first == name; });
    return at == report.end() ? std::nan("") : at->second;
  };
  CHECK(find("action_loss") == trial.played.sums[RamSums::action] / episodes_count);
  CHECK(find("action_entropy") == trial.played.sums[RamSums::entropy] / 10);
  CHECK(std::isnan(find("classification_loss")));
  CHECK(has(trial.agent.notes().front(), "2 glimpses of 3x3 at 1 scale on 6x5 images before each action"));
}

TEST_CASE("the probability of the right class needs a right class", "[ram][control]") {
  RamConfig config = small();
  config.reward = "probability";
  CHECK(message_of<ConfigError>([&] { RamAgent(config, Noise().spec(), 1); }) ==
        "agent.reward must be \"outcome\" in noise, which does not tell right answers");
}

TEST_CASE("an entropy bonus and a discount need actions that are drawn", "[ram][control]") {
  rl::EnvironmentSpec spec = Noise().spec();
  spec.has_targets = true;
  CHECK(has(message_of<ConfigError>([&] { RamAgent(small(), spec, 1); }), "a world of one action"));
  spec.max_steps = 1;
  CHECK(message_of<ConfigError>([&] { RamAgent(small(), spec, 1); }) ==
        "agent.entropy_coefficient and agent.discount are for actions that are drawn, which they are not in noise");
  RamConfig config = small();
  config.entropy_coefficient = 0;
  CHECK(has(message_of<ConfigError>([&] { RamAgent(config, spec, 1); }), "and agent.discount are for actions"));
  config.discount = 1;
  CHECK_NOTHROW(RamAgent(config, spec, 1));
}

TEST_CASE("the recurrent attention model learns to catch a ball from its reward alone", "[ram][control][learning]") {
  envs::CatchConfig game;
  game.side = 6;
  game.train = 512;
  const envs::CatchGame world(game);
  RamConfig config = small();
  config.glimpses = 1;
  config.glimpse_scales = 2;
  config.glimpse_gain = 4;
  config.hidden = 32;
  config.what_hidden = 32;
  config.where_hidden = 16;
  config.glimpse_features = 32;
  config.entropy_coefficient = 0.01;
  config.discount = 0.9;
  config.policy_coefficient = 1;
  RamAgent agent{config, world.spec(), 1};
  Player player{world, agent};
  CHECK(player.error(512) > 0.5);
  player.learn(2000, 64, 3e-3);
  const double error = player.error(512);
  CAPTURE(error);
  CHECK(error < 0.15);
}

}  // namespace
}  // namespace saccade::agents
