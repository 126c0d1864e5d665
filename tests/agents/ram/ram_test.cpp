#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "agents/ram/actor.hpp"
#include "agents/ram/agent.hpp"
#include "core/errors.hpp"
#include "envs/images.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/messages.hpp"
#include "tests/support/player.hpp"

namespace saccade::agents {
namespace {

using namespace tests;

/// Images of noise with labels in turn.
envs::ImageRecognition noise_world(std::size_t count = 8, std::size_t classes = 3) {
  envs::ImageSplits splits{{7, 6, 1}, classes, {}, {}, {}};
  random::Stream stream{1, random::Purpose{"test images"}};
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t p = 0; p < 42; ++p) splits.train.pixels.push_back(static_cast<std::uint8_t>(stream.below(256)));
    splits.train.labels.push_back(static_cast<std::uint8_t>(i % classes));
  }
  return {"noise", splits};
}

RamConfig small() {
  RamConfig config;
  config.glimpses = 4;
  config.glimpse_size = 3;
  config.hidden = 12;
  config.what_hidden = 10;
  config.where_hidden = 10;
  config.glimpse_features = 12;
  return config;
}

/// A small agent among noise.
struct Trial {
  explicit Trial(const RamConfig& config, std::size_t count = 8)
      : world{noise_world(count)}, agent{config, world.spec(), 1}, player{world, agent} {
    sums = player.gradients(0, count);
  }
  envs::ImageRecognition world;
  RamAgent agent;
  Player player;
  std::vector<double> sums;
};

/// Whether the gradients of all parameters whose names start with one of the prefixes are the same, bit for bit.
bool same_gradients(Trial& a, Trial& b, const std::vector<std::string>& prefixes) {
  const ParameterStore& store = a.agent.parameters();
  for (std::size_t i = 0; i < store.size(); ++i) {
    const std::string& name = store.name(Parameter{i});
    const auto starts = [&](const std::string& prefix) { return name.starts_with(prefix); };
    if (std::none_of(prefixes.begin(), prefixes.end(), starts)) continue;
    Tensor x = a.player.gradient(name);
    if (!close(x, b.player.gradient(name), 0)) return false;
  }
  return true;
}

TEST_CASE("the loss of the class trains neither the location network nor the baseline", "[ram]") {
  for (const bool into_core : {false, true}) {
    RamConfig config = small();
    config.policy_coefficient = 0;
    config.baseline_coefficient = 0;
    config.policy_gradient_into_core = into_core;
    Trial trial(config);
    CHECK(trial.player.greatest_gradient("location.") == 0);
    CHECK(trial.player.greatest_gradient("baseline.") == 0);
    for (const char* part : {"glimpse.what", "glimpse.where", "core.", "action."}) {
      CHECK(trial.player.greatest_gradient(part) > 0);
    }
  }
}

TEST_CASE("REINFORCE reaches the core only where it is asked to", "[ram]") {
  for (const std::string core : {"rnn", "lstm"}) {
    RamConfig with = small();
    with.core = core;
    RamConfig without = with;
    without.policy_coefficient = 0;
    Trial a(with), b(without);
    CHECK(a.player.greatest_gradient("location.") > 0);
    CHECK(same_gradients(a, b, {"glimpse.", "core.", "action.", "baseline."}));

    with.policy_gradient_into_core = true;
    Trial c(with);
    CHECK_FALSE(same_gradients(c, b, {"core."}));
    CHECK_FALSE(same_gradients(c, b, {"glimpse."}));
    CHECK(same_gradients(c, b, {"action.", "baseline."}));
    CHECK(same_gradients(a, c, {"location."}));
  }
}

TEST_CASE("the loss of the baseline trains the baseline alone", "[ram]") {
  RamConfig with = small();
  RamConfig without = small();
  without.baseline_coefficient = 0;
  Trial a(with), b(without);
  CHECK(same_gradients(a, b, {"glimpse.", "core.", "action.", "location."}));
  CHECK(a.player.greatest_gradient("baseline.") > 0);
  CHECK(b.player.greatest_gradient("baseline.") == 0);
}

TEST_CASE("a location that is given is no decision", "[ram]") {
  RamConfig config = small();
  for (const auto& [first, decisions] : {std::pair{"random", 3.0}, {"centre", 3.0}, {"learned", 4.0}}) {
    config.first_location = first;
    Trial trial(config);
    CHECK(trial.sums[RamSums::decisions] == 8 * decisions);
    CHECK(trial.player.actor().glimpses().size() == 4);
  }
}

TEST_CASE("one given glimpse needs no policy", "[ram]") {
  RamConfig config = small();
  config.glimpses = 1;
  Trial trial(config);
  CHECK(trial.sums[RamSums::decisions] == 0);
  CHECK(trial.player.greatest_gradient("location.") == 0);
  CHECK(trial.sums[RamSums::loss] == trial.sums[RamSums::action]);
}

TEST_CASE("the controls have no policy", "[ram]") {
  RamConfig config = small();
  for (const std::string locations : {"random", "centre"}) {
    config.locations = locations;
    Trial trial(config);
    CHECK(trial.sums[RamSums::policy] == 0);
    CHECK(trial.sums[RamSums::baseline] == 0);
    CHECK(trial.sums[RamSums::decisions] == 0);
    CHECK(trial.player.greatest_gradient("location.") == 0);
    CHECK(trial.player.greatest_gradient("baseline.") == 0);
    CHECK((trial.sums[RamSums::xx] > 0) == (locations == "random"));
  }
}

/// The first location of a policy of mean 0, drawn as the agent draws it.
std::array<double, 2> draw(const rl::Policy& policy, std::size_t episode, double deviation) {
  random::Stream stream{policy.seed, policy.purpose, 0, episode};
  const double x = stream.normal();
  return {deviation * x, deviation * stream.normal()};
}

TEST_CASE("the density is that of the raw draw and the retina gets it clipped", "[ram]") {
  RamConfig config = small();
  config.glimpses = 1;
  config.first_location = "learned";
  config.location_std = 1.5;
  config.baseline = "none";
  const envs::ImageRecognition world = noise_world(64, 1);
  RamAgent agent{config, world.spec(), 1};
  for (const char* name : {"location.weight", "location.bias"}) {
    fill(agent.parameters().value(agent.parameters().find(name)), 0);
  }
  Player player{world, agent};
  const std::vector<double> sums = player.gradients(0, 64);  // of one class, so that every reward is 1
  double policy = 0;
  for (std::size_t b = 0; b < 64; ++b) {
    const auto raw = draw({}, b, 1.5);
    const double squares = raw[0] * raw[0] + raw[1] * raw[1];
    policy += squares / (2 * 1.5 * 1.5) + 2 * std::log(1.5) + std::log(2 * std::numbers::pi);
    for (std::size_t i = 0; i < 2; ++i) {
      const double seen = static_cast<double>(player.actor().glimpses()[0].location(b, i));
      CHECK(std::abs(seen - std::clamp(raw[i], -1.0, 1.0)) < rounding);
    }
  }
  CHECK(std::abs(sums[RamSums::policy] - policy) < 1e2 * rounding * policy);
  CHECK(sums[RamSums::clipped] > 10);
}

TEST_CASE("the mean location is not drawn", "[ram]") {
  RamConfig config = small();
  config.first_location = "centre";
  Trial trial(config);
  const auto last_location = [&](rl::Decision decision, std::uint64_t seed) {
    trial.player.play(0, 8, Tape::Mode::infer, {decision, seed});
    return to_tensor(trial.player.actor().glimpses()[3].location);
  };
  CHECK((last_location(rl::Decision::mean, 1) == last_location(rl::Decision::mean, 2)));
  CHECK((last_location(rl::Decision::sample, 1) == last_location(rl::Decision::sample, 1)));
  CHECK((last_location(rl::Decision::sample, 1) != last_location(rl::Decision::sample, 2)));
}

TEST_CASE("the modes of evaluation are named with what they do", "[ram]") {
  const auto names = [](const std::string& locations, const std::string& first) {
    RamConfig config = small();
    config.locations = locations;
    config.first_location = first;
    std::vector<std::string> result;
    for (const rl::EvaluationMode& mode : Trial(config).agent.evaluation_modes({7})) result.push_back(mode.name);
    return result;
  };
  using Names = std::vector<std::string>;
  CHECK(names("learned", "learned") == Names{"mean location", "one sample", "7 samples averaged"});
  CHECK(names("learned", "random") == Names{"mean location, first drawn", "one sample", "7 samples averaged"});
  CHECK(names("random", "random") == Names{"one sample", "7 samples averaged"});
  CHECK(names("centre", "centre") == Names{"deterministic"});
  const auto modes = Trial(small()).agent.evaluation_modes({7});
  CHECK((modes[0].decision == rl::Decision::mean && modes[0].samples == 1));
  CHECK((modes[1].decision == rl::Decision::sample && modes[1].samples == 1));
  CHECK((modes[2].decision == rl::Decision::sample && modes[2].samples == 7));
}

TEST_CASE("a roll-out is the same alone and in a batch", "[ram]") {
  Trial trial(small());
  trial.player.play(0, 8, Tape::Mode::infer);
  Tensor all = to_tensor(trial.player.actor().action_log_probs());
  trial.player.play(5, 1, Tape::Mode::infer);
  CHECK(close(trial.player.actor().action_log_probs(), to_tensor(TensorView{all}.rows(5, 1)), rounding));
}

TEST_CASE("a training step changes the location network", "[ram]") {
  const envs::ImageRecognition world = noise_world();
  RamAgent agent{small(), world.spec(), 1};
  const Parameter weight = agent.parameters().find("location.weight");
  const Tensor before = to_tensor(agent.parameters().value(weight));
  Player{world, agent}.learn(1, 8, 1e-3);
  CHECK((to_tensor(agent.parameters().value(weight)) != before));
}

TEST_CASE("the moving average follows the reward after the step", "[ram]") {
  RamConfig config = small();
  config.baseline = "moving_average";
  Trial trial(config);
  CHECK(trial.agent.moving_average() == 0);
  CHECK(trial.sums[RamSums::baseline] == 0);
  trial.agent.after_step(trial.sums, 8);
  const double mean = trial.sums[RamSums::reward] / 8;
  CHECK(std::abs(trial.agent.moving_average() - 0.1 * mean) < 1e-12);
  CHECK(trial.agent.state().at(0).name == "moving_average");
  *trial.agent.state().at(0).value = 0.5;
  const std::vector<double> sums = trial.player.gradients(0, 8);
  CHECK(std::abs(sums[RamSums::advantage] - 3 * (sums[RamSums::reward] - 8 * 0.5)) < 1e-5);
}

TEST_CASE("REINFORCE learns from the outcome, or from the probability of the right class", "[ram]") {
  RamConfig config = small();
  config.baseline = "none";
  Trial by_outcome(config);
  CHECK(by_outcome.sums[RamSums::returns] == 3 * by_outcome.sums[RamSums::reward]);
  config.reward = "probability";
  Trial by_probability(config);
  CHECK(by_probability.sums[RamSums::reward] == by_outcome.sums[RamSums::reward]);
  const rl::TimeStep end = by_probability.player.play(0, 8);
  const TensorView log_probs = by_probability.player.actor().action_log_probs();
  double sum = 0;
  for (std::size_t b = 0; b < 8; ++b) {
    sum += std::exp(static_cast<double>(log_probs(b, static_cast<std::size_t>(end.target[b]))));
  }
  CHECK(std::abs(by_probability.sums[RamSums::returns] - 3 * sum) < 1e-5);
  CHECK(std::abs(by_probability.sums[RamSums::advantage] - 3 * sum) < 1e-5);
  CHECK_FALSE(same_gradients(by_probability, by_outcome, {"location."}));
  CHECK(same_gradients(by_probability, by_outcome, {"glimpse.", "core.", "action."}));
}

TEST_CASE("random glimpses keep to their range", "[ram]") {
  RamConfig config = small();
  config.locations = "random";
  config.random_range = 0.25;
  Trial trial(config);
  for (const rl::Glimpse& glimpse : trial.player.actor().glimpses()) {
    for (const Real place : glimpse.location.span()) CHECK(std::abs(place) <= Real{0.25});
  }
}

TEST_CASE("an actor's sums are those of what it did", "[ram]") {
  Trial trial(small());
  double yy = 0;
  const auto glimpses = trial.player.actor().glimpses();
  for (const rl::Glimpse& glimpse : glimpses) {
    CHECK(glimpse.patches.shape() == Shape{8, 1, 3, 3, 1});
    if (&glimpse == &glimpses.front()) continue;
    double sum = 0, squares = 0;
    for (std::size_t b = 0; b < 8; ++b) sum += static_cast<double>(glimpse.location(b, 1));
    for (std::size_t b = 0; b < 8; ++b) squares += std::pow(static_cast<double>(glimpse.location(b, 1)), 2);
    yy += squares - sum * sum / 8;
  }
  CHECK(trial.sums[RamSums::locations] == 32);
  CHECK(trial.sums[RamSums::spread_weight] == 3 * 7);
  CHECK(std::abs(trial.sums[RamSums::yy] - yy) < 1e-9);
  const double parts = trial.sums[RamSums::action] + trial.sums[RamSums::policy] + trial.sums[RamSums::baseline];
  CHECK(std::abs(trial.sums[RamSums::loss] - parts) < 1e-4);
  const rl::TimeStep& end = trial.player.play(0, 8);
  CHECK(trial.sums[RamSums::reward] == static_cast<double>(std::count(end.reward.begin(), end.reward.end(), Real{1})));
}

TEST_CASE("a report names what an actor has summed", "[ram]") {
  Trial trial(small());
  const rl::Report report = trial.agent.report(trial.sums, 8);
  const auto find = [&](std::string_view name) {
    const auto at = std::find_if(report.begin(), report.end(), [&](const auto& entry) { return entry.first == name; });
    REQUIRE(at != report.end());
    return at->second;
  };
  CHECK(find("loss") == trial.sums[RamSums::loss] / 8);
  CHECK(find("error") == 1 - trial.sums[RamSums::reward] / 8);
  CHECK(find("location_spread_x") > 0);
  CHECK(find("location_spread_y") < 1);
  CHECK(find("locations_clipped") >= 0);
}

TEST_CASE("the recurrent attention model refuses a world that it cannot live in", "[ram]") {
  rl::EnvironmentSpec spec = noise_world().spec();
  spec.observation.shape = {42};
  CHECK(has(message_of<ConfigError>([&] { RamAgent(small(), spec, 1); }), "agent ram needs images [H, W, C]"));
  spec = noise_world().spec();
  spec.max_steps = 2;
  CHECK(has(message_of<ConfigError>([&] { RamAgent(small(), spec, 1); }), "a world of one action"));
}

/// Images of side 12 whose pixels `paint` sets.
template <typename Paint>
envs::ImageRecognition painted_world(std::size_t count, std::size_t classes, const Paint& paint) {
  envs::ImageSplits splits{{12, 12, 1}, classes, {}, {}, {}};
  random::Stream stream{1, random::Purpose{"test painted"}};
  for (std::size_t i = 0; i < count; ++i) {
    splits.train.labels.push_back(static_cast<std::uint8_t>(stream.below(static_cast<std::uint32_t>(classes))));
    splits.train.pixels.resize((i + 1) * 144);
    paint(splits.train.pixels.data() + i * 144, splits.train.labels[i], stream);
  }
  return {"painted", splits};
}

void bright(std::uint8_t* image, std::size_t top, std::size_t left, std::size_t height, std::size_t width) {
  for (std::size_t y = top; y < top + height; ++y) std::fill_n(image + y * 12 + left, width, std::uint8_t{255});
}

RamConfig learner() {
  RamConfig config = small();
  config.glimpses = 2;
  config.glimpse_size = 4;
  config.first_location = "centre";
  config.hidden = 32;
  config.what_hidden = 32;
  config.where_hidden = 16;
  config.glimpse_features = 32;
  return config;
}

TEST_CASE("the recurrent attention model learns which quadrant is bright", "[ram][learning]") {
  const auto quadrant = [](std::uint8_t* image, std::size_t label, random::Stream& stream) {
    std::generate_n(image, 144, [&] { return static_cast<std::uint8_t>(stream.below(100)); });
    bright(image, label / 2 * 6, label % 2 * 6, 6, 6);
  };
  const envs::ImageRecognition world = painted_world(256, 4, quadrant);
  for (const std::string core : {"rnn", "lstm"}) {
    RamConfig config = learner();
    config.core = core;
    RamAgent agent{config, world.spec(), 1};
    Player player{world, agent};
    CHECK(player.error(256) > 0.3);
    player.learn(200, 32, 3e-3);
    CHECK(player.error(256) < 0.05);
  }
}

/// The centre says on which side the evidence is; the other side shows evidence of either class.
envs::ImageRecognition signalled_world() {
  return painted_world(256, 2, [](std::uint8_t* image, std::size_t label, random::Stream& stream) {
    std::fill_n(image, 144, std::uint8_t{0});
    const bool right = stream.below(2) == 1;
    const std::size_t distractor = stream.below(2);
    bright(image, 4, right ? 6 : 4, 4, 2);
    bright(image, label == 0 ? 4 : 6, right ? 8 : 0, 2, 4);
    bright(image, distractor == 0 ? 4 : 6, right ? 0 : 8, 2, 4);
  });
}

double error_after_learning(const std::string& locations) {
  const envs::ImageRecognition world = signalled_world();
  RamConfig config = learner();
  config.locations = locations;
  config.location_std = 0.3;
  RamAgent agent{config, world.spec(), 1};
  Player player{world, agent};
  player.learn(1500, 64, 2e-3);
  return player.error(256);
}

TEST_CASE("a learned policy finds the evidence that random glimpses miss", "[ram][learning]") {
  const double learned = error_after_learning("learned");
  const double random = error_after_learning("random");
  CAPTURE(learned, random);
  CHECK(learned < 0.05);
  CHECK(random > 0.15);
}

}  // namespace
}  // namespace saccade::agents
