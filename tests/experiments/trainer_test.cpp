#include "experiments/trainer.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <mutex>
#include <numeric>
#include <set>

#include "agents/show_attend_tell/agent.hpp"
#include "core/errors.hpp"
#include "envs/images.hpp"
#include "tests/experiments/tiny.hpp"
#include "tests/support/allocations.hpp"
#include "tests/support/caption_worlds.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/messages.hpp"

using namespace saccade;
using namespace saccade::tests;
using Catch::Matchers::WithinRel;

namespace {

std::vector<Real> train(const Overrides& overrides, std::size_t threads, std::size_t steps) {
  TinyTraining tiny(overrides, threads);
  for (std::size_t i = 0; i < steps; ++i) tiny.trainer.step();
  const std::span<const Real> values = tiny.agent->parameters().values().span();
  return {values.begin(), values.end()};
}

double number(const rl::Report& report, const std::string& name) {
  const auto entry = std::find_if(report.begin(), report.end(), [&](const auto& e) { return e.first == name; });
  return entry == report.end() ? std::nan("") : entry->second;
}

/// A world that remembers the seeds it was asked to draw for.
class Listener final : public envs::ImageWorld {
 public:
  Listener() : ImageWorld("listener", {28, 28, 1}, 10) {}
  [[nodiscard]] std::size_t size(rl::Split) const override { return 64; }
  std::uint8_t paint(const rl::EpisodeKey& key, std::span<std::uint8_t> pixels) const override {
    const std::scoped_lock lock(mutex_);
    seeds_[key.split].insert(key.seed);
    std::fill(pixels.begin(), pixels.end(), std::uint8_t{1});
    return 0;
  }
  [[nodiscard]] std::set<std::uint64_t> seeds(rl::Split split) const { return seeds_[split]; }

 private:
  mutable std::mutex mutex_;
  mutable std::map<rl::Split, std::set<std::uint64_t>> seeds_;
};

std::size_t allocations_of_steps(const Overrides& overrides) {
  TinyTraining tiny(overrides);
  for (std::size_t i = 0; i < 6; ++i) tiny.trainer.step();
  const std::size_t before = allocations();
  for (std::size_t i = 0; i < 6; ++i) tiny.trainer.step();
  return allocations() - before;
}

Overrides catch_into_core() {
  Overrides overrides = tiny_catch;
  overrides.emplace_back("agent.policy_gradient_into_core=true");
  return overrides;
}

}  // namespace

TEST_CASE("any number of threads gives the same parameters", "[trainer]") {
  const Overrides overrides{"agent.rollouts=2", "trainer.clip_norm=1"};
  const std::vector<Real> one = train(overrides, 1, 5);
  CHECK(train(overrides, 2, 5) == one);
  CHECK(train(overrides, 3, 5) == one);
  CHECK(train({"agent.rollouts=2", "trainer.clip_norm=1", "seed=1"}, 1, 5) != one);
  const std::vector<Real> bfloat16 = train({"precision=bfloat16_emulated"}, 1, 5);
  CHECK(train({"precision=bfloat16_emulated"}, 2, 5) == bfloat16);
  CHECK(train({}, 1, 5) != bfloat16);
}

TEST_CASE("what a world draws in training depends on the run's seed, tests do not", "[trainer]") {
  const Listener world;
  const experiments::Experiment experiment = tiny_experiment({"seed=7"});
  parallel::Workers workers(2);
  const auto agent = experiment.make_agent(world.spec());
  experiments::Trainer trainer(experiment, world, *agent, workers);
  while (trainer.epochs_done() == 0) trainer.step();
  static_cast<void>(trainer.finish_epoch());
  CHECK(world.seeds(rl::Split::train) == std::set<std::uint64_t>{7});
  CHECK(world.seeds(rl::Split::validation) == std::set<std::uint64_t>{0});
}

TEST_CASE("any number of threads plays the same games", "[trainer]") {
  const Overrides overrides = catch_into_core();
  const std::vector<Real> one = train(overrides, 1, 5);
  CHECK(train(overrides, 2, 5) == one);
  CHECK(train(overrides, 3, 5) == one);
}

TEST_CASE("a warmed-up training step makes no heap allocation", "[trainer]") {
  CHECK(allocations_of_steps({}) == 0);
  CHECK(allocations_of_steps({"agent.core=lstm", "agent.rollouts=2", "agent.glimpse.scales=2"}) == 0);
  CHECK(allocations_of_steps({"agent.baseline=moving_average", "agent.first_location=learned"}) == 0);
  CHECK(allocations_of_steps({"agent.locations=random", "trainer.clip_norm=1"}) == 0);
  CHECK(allocations_of_steps(catch_into_core()) == 0);
  CHECK(allocations_of_steps({"precision=bfloat16_emulated", "agent.core=lstm"}) == 0);
}

namespace {

/// The loss of a tiny agent on one fixed batch and glimpses on fixed places, and the gradient of every parameter.
struct LossAndGradients {
  explicit LossAndGradients(const std::string& precision) {
    const TinyTraining tiny({"precision=" + precision, "agent.locations=random"});
    experiments::Lane lane(*tiny.environment, *tiny.agent);
    for (std::size_t i = 0; i < 32; ++i) lane.keys.push_back({rl::Split::train, i, i});
    lane.play(Tape::Mode::record, {rl::Decision::sample, 1, random::Purpose("train")});
    const Variable total = lane.actor->loss(32);
    lane.tape.backward(total);
    loss = total.value()[0];
    gradients.assign(lane.tape.gradients().begin(), lane.tape.gradients().end());
  }

  Real loss = 0;
  std::vector<Real> gradients;
};

double norm(const std::vector<Real>& x) { return std::sqrt(std::inner_product(x.begin(), x.end(), x.begin(), 0.0)); }

}  // namespace

TEST_CASE("bfloat16 operands give nearly the loss and gradients of float32", "[trainer]") {
  const LossAndGradients exact("float32");
  const LossAndGradients rounded("bfloat16_emulated");
  CHECK(rounded.loss != exact.loss);
  CHECK_THAT(rounded.loss, WithinRel(exact.loss, 0.01F));
  std::vector<Real> difference(exact.gradients.size());
  std::transform(exact.gradients.begin(), exact.gradients.end(), rounded.gradients.begin(), difference.begin(),
                 std::minus<>());
  CHECK(norm(difference) > 0);
  CHECK(norm(difference) < 0.05 * norm(exact.gradients));
}

TEST_CASE("every product of a training step has the experiment's precision", "[trainer]") {
  const std::string agent = GENERATE("agent.core=lstm", "agent.core=rnn");
  TinyTraining tiny({"precision=bfloat16_emulated", agent});
  const GemmRecording recording;
  tiny.trainer.step();
  CHECK(recording.calls().size() > 10);
  CHECK(std::all_of(recording.calls().begin(), recording.calls().end(),
                    [](const GemmCall& call) { return call.products != nullptr; }));
}

TEST_CASE("every kind of agent trains", "[trainer]") {
  const std::string setting =
      GENERATE(as<std::string>{}, "agent.baseline=none", "agent.baseline=moving_average", "agent.baseline=learned",
               "agent.core=lstm", "agent.locations=random", "agent.locations=centre", "agent.first_location=learned",
               "agent.first_location=centre", "agent.location_mean=linear", "agent.policy_gradient_into_core=true",
               "agent.rollouts=3", "agent.glimpse.scales=3", "trainer.shard=50", "trainer.optimiser.kind=sgd",
               "trainer.optimiser.kind=rmsprop", "trainer.schedule.kind=exponential", "precision=bfloat16_emulated");
  INFO(setting);
  TinyTraining tiny({setting});
  while (tiny.trainer.epochs_done() == 0) tiny.trainer.step();
  const rl::Report report = tiny.trainer.finish_epoch();
  CHECK(std::all_of(report.begin(), report.end(), [](const auto& entry) { return std::isfinite(entry.second); }));
  CHECK(tiny.trainer.steps_done() == tiny.trainer.steps_per_epoch());
  CHECK(number(report, "validation_error") == tiny.trainer.last_validation().error);
}

TEST_CASE("every kind of agent learns a game", "[trainer]") {
  const std::string setting = GENERATE(as<std::string>{}, "agent.baseline=none", "agent.baseline=moving_average",
                                       "agent.core=rnn", "agent.locations=random", "agent.locations=centre",
                                       "agent.first_location=learned", "agent.policy_gradient_into_core=true",
                                       "agent.rollouts=3", "agent.glimpse.gain=4", "agent.entropy_coefficient=0");
  INFO(setting);
  Overrides overrides = tiny_catch;
  overrides.push_back(setting);
  TinyTraining tiny(overrides);
  while (tiny.trainer.epochs_done() == 0) tiny.trainer.step();
  const rl::Report report = tiny.trainer.finish_epoch();
  CHECK(std::all_of(report.begin(), report.end(), [](const auto& entry) { return std::isfinite(entry.second); }));
  CHECK(number(report, "train_action_entropy") > 0);
  CHECK(std::isnan(number(report, "validation_cross_entropy")));
}

TEST_CASE("training lowers the loss", "[trainer]") {
  TinyTraining tiny({"agent.hidden=32", "trainer.epochs=20"});
  const auto epoch = [&] {
    for (std::size_t i = 0; i < tiny.trainer.steps_per_epoch(); ++i) tiny.trainer.step();
    return number(tiny.trainer.finish_epoch(), "train_classification_loss");
  };
  const double first = epoch();
  double last = first;
  for (std::size_t i = 1; i < 15; ++i) last = epoch();
  CHECK(last < 0.95 * first);
}

TEST_CASE("the linear schedule reaches its end with the last step", "[trainer]") {
  TinyTraining tiny;
  CHECK_THAT(tiny.trainer.learning_rate(), WithinRel(0.01, 1e-9));
  for (std::size_t i = 0; i < 8; ++i) tiny.trainer.step();
  CHECK_THAT(tiny.trainer.learning_rate(), WithinRel(0.005, 1e-9));
  CHECK_FALSE(tiny.trainer.finished());
  for (std::size_t i = 0; i < 8; ++i) tiny.trainer.step();
  CHECK(tiny.trainer.learning_rate() < 1e-12);
  CHECK(tiny.trainer.finished());
}

TEST_CASE("patience ends training", "[trainer]") {
  TinyTraining tiny({"trainer.patience=2", "trainer.epochs=100", "trainer.schedule.rate=1e-12"});
  CHECK_FALSE(tiny.trainer.finished());
  while (!tiny.trainer.finished()) {
    for (std::size_t i = 0; i < tiny.trainer.steps_per_epoch(); ++i) tiny.trainer.step();
    static_cast<void>(tiny.trainer.finish_epoch());
  }
  CHECK(tiny.trainer.epochs_done() == tiny.trainer.state().best_epoch + 2);
}

TEST_CASE("a batch larger than the data is refused", "[trainer]") {
  const std::string message = message_of<ConfigError>([] { TinyTraining({"trainer.batch=257"}); });
  CHECK(message == "trainer.batch must be at most the 256 training episodes of digits, got 257");
}

TEST_CASE("numbers that are not finite end training with advice", "[trainer]") {
  const std::string locations = GENERATE("learned", "random");
  INFO(locations);
  TinyTraining tiny({"trainer.schedule.rate=1e30", "agent.locations=" + locations});
  const std::string message = message_of<NonFiniteError>([&] {
    for (std::size_t i = 0; i < 16; ++i) tiny.trainer.step();
  });
  CHECK(has(message, "not finite after step"));
  CHECK(has(message, "trainer.schedule.rate"));
}

namespace {

/// A captioner that is made to say words, and what its trainer records of validation.
struct Captioned {
  explicit Captioned(const Overrides& overrides)
      : experiment{tiny_experiment(overrides)}, agent{config(), world.spec(), 1} {
    for (Real& x : agent.parameters().values().span()) x *= 6;
    experiments::Trainer trainer(experiment, world, agent, workers);
    report = trainer.finish_epoch();
  }

  static agents::ShowAttendTellConfig config() {
    agents::ShowAttendTellConfig small;
    small.embedding = small.hidden = small.attention_hidden = 6;
    return small;
  }
  [[nodiscard]] std::vector<rl::EvaluationMode> modes() const {
    return experiment.evaluation_modes(agent, experiment.evaluation().effort);
  }
  [[nodiscard]] double validated(const std::string& measure) const { return number(report, "validation_" + measure); }
  [[nodiscard]] double evaluated(const rl::EvaluationMode& mode, const std::string& measure) {
    return number(evaluated(mode).attention, measure);
  }
  [[nodiscard]] experiments::EvaluationResult evaluated(const rl::EvaluationMode& mode) {
    const std::size_t chunk = experiment.evaluation().chunk;
    return experiments::evaluate(world, agent, rl::Split::validation, mode, 0, chunk, workers);
  }
  /// Of all captions of the mode that chooses parameters.
  [[nodiscard]] std::size_t words() {
    std::size_t count = 0;
    for (const rl::Actions& caption : evaluated(modes().front()).actions) count += caption.size();
    return count;
  }

  experiments::Experiment experiment;
  NoiseCaptions world;
  agents::ShowAttendTellAgent agent;
  parallel::Workers workers{1};
  rl::Report report;
};

}  // namespace

namespace {

/// Captions of one, two and three words in turn, and which of them were shown.
class ShownCaptions final : public NoiseCaptions {
 public:
  ShownCaptions() : NoiseCaptions(captions()) {}

  void show(const rl::EpisodeKey& key, std::span<Real> observation, std::vector<std::int32_t>& words) const override {
    NoiseCaptions::show(key, observation, words);
    shown.push_back(key.index);
  }

  mutable std::vector<std::uint64_t> shown;

 private:
  static std::vector<envs::captions::Tokens> captions() {
    std::vector<envs::captions::Tokens> all;
    for (std::size_t i = 0; i < 24; ++i) all.emplace_back(i % 3 + 1, "dog");
    return all;
  }
};

}  // namespace

TEST_CASE("a batch has captions of one length, and a pass shows each of them once", "[trainer]") {
  const experiments::Experiment experiment = tiny_experiment({"trainer.batch=4", "trainer.shard=4"});
  ShownCaptions world;
  agents::ShowAttendTellAgent agent(Captioned::config(), world.spec(), 1);
  parallel::Workers workers{1};
  experiments::Trainer trainer(experiment, world, agent, workers);
  for (std::size_t i = 0; i < 6; ++i) trainer.step();
  REQUIRE(world.shown.size() == 24);
  std::vector<std::size_t> lengths;
  for (std::size_t i = 0; i < 24; i += 4) {
    lengths.push_back(world.length(rl::Split::train, world.shown[i]));
    for (std::size_t k = i; k < i + 4; ++k) CHECK(world.length(rl::Split::train, world.shown[k]) == lengths.back());
  }
  CHECK_FALSE(std::is_sorted(lengths.begin(), lengths.end()));
  std::sort(world.shown.begin(), world.shown.end());
  CHECK(std::adjacent_find(world.shown.begin(), world.shown.end()) == world.shown.end());
}

TEST_CASE("parameters are chosen by greedy captions or by those of a beam", "[trainer]") {
  const rl::EvaluationMode greedy{"greedy", rl::Decision::mean}, beam{"beam of 3", rl::Decision::mean, 1, 3};
  Captioned first({"trainer.batch=3", "evaluation.beam=3"});
  Captioned searched({"trainer.batch=3", "evaluation.beam=3", "trainer.validation=beam"});
  CHECK(first.validated("attention_entropy") == first.evaluated(greedy, "attention_entropy"));
  CHECK(searched.validated("attention_entropy") == searched.evaluated(beam, "attention_entropy"));
  CHECK(first.validated("attention_entropy") != searched.validated("attention_entropy"));
  REQUIRE((first.modes().size() == 2 && searched.modes().size() == 2));
  CHECK((first.modes()[0].name == "greedy" && first.modes()[1].name == "beam of 3"));
  CHECK((searched.modes()[0].name == "beam of 3" && searched.modes()[1].name == "greedy"));
}

TEST_CASE("captions that a beam compares by their whole log-probability are shorter", "[trainer]") {
  Captioned mean({"trainer.batch=3", "evaluation.beam=30", "trainer.validation=beam"});
  Captioned whole({"trainer.batch=3", "evaluation.beam=30", "trainer.validation=beam", "evaluation.length_power=0"});
  CHECK(whole.words() < mean.words());
}

TEST_CASE("a beam cannot choose where nothing searches", "[trainer]") {
  const auto message = [](const Overrides& overrides) {
    return message_of<ConfigError>([&] { const TinyTraining tiny(overrides); });
  };
  CHECK(
      has(message({"trainer.validation=beam"}), "needs evaluation.beam of 2 or more and an agent that says captions"));
  CHECK(has(message({"trainer.validation=best"}), "trainer.validation"));
}
