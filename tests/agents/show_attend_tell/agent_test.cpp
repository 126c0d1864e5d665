#include "agents/show_attend_tell/agent.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "agents/show_attend_tell/actor.hpp"
#include "core/errors.hpp"
#include "tests/support/caption_worlds.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/check_grad.hpp"
#include "tests/support/farthest.hpp"
#include "tests/support/messages.hpp"
#include "tests/support/player.hpp"

namespace saccade::agents {
namespace {

using namespace tests;

ShowAttendTellConfig small(const std::string& attention) {
  ShowAttendTellConfig config;
  config.attention = attention;
  config.embedding = 4;
  config.hidden = 5;
  config.attention_hidden = 3;
  config.dropout = 0;
  return config;
}

std::vector<std::string> names(const std::vector<rl::EvaluationMode>& modes) {
  std::vector<std::string> all;
  for (const rl::EvaluationMode& mode : modes) all.push_back(mode.name);
  return all;
}

TEST_CASE("a captioner learns captions by heart", "[captions]") {
  const std::string attention = GENERATE(as<std::string>{}, "soft", "hard", "marginal", "uniform", "mean");
  INFO(attention);
  const NoiseCaptions world;
  ShowAttendTellConfig config = small(attention);
  config.hidden = 32;
  config.embedding = 16;
  config.dropout = 0.1;
  ShowAttendTellAgent agent(config, world.spec(), 1);
  Player player(world, agent);
  const double before = agent.report(player.gradients(0, 3), 3)[1].second;
  player.learn(200, 3, 1e-2);
  const rl::Report after = agent.report(player.gradients(0, 3), 3);
  CHECK(after[1].first == "cross_entropy");
  CHECK(before > 1);
  CHECK(after[1].second < 0.1);
}

TEST_CASE("a captioner with filters makes a grid of annotations", "[captions]") {
  const NoiseCaptions world(NoiseCaptions::default_captions(), {8, 4, 2});
  ShowAttendTellConfig config = small("soft");
  config.encoder = "convolutional";
  config.encoder_filters = {3, 4};
  config.encoder_strides = {2, 2};
  ShowAttendTellAgent agent(config, world.spec(), 1);
  CHECK(agent.networks().encoder.rows() == 2);
  CHECK(agent.networks().encoder.columns() == 1);
  CHECK(agent.networks().encoder.size() == 4);
  Player player(world, agent);
  player.gradients(0, 3);
  CHECK(player.greatest_gradient("encoder.0") > 0);
  config.encoder_strides = {2, 3};
  CHECK(has(message_of<ConfigError>([&] { ShowAttendTellAgent(config, world.spec(), 1); }),
            "agent.encoder.strides: layer 1 cannot go over 4x2 in steps of 3"));
}

TEST_CASE("the ways to test a captioner are named", "[captions]") {
  const NoiseCaptions world;
  const auto modes = [&](const std::string& attention, std::size_t beam) {
    return names(ShowAttendTellAgent(small(attention), world.spec(), 1).evaluation_modes({1, beam}));
  };
  CHECK(modes("soft", 1) == std::vector<std::string>{"greedy"});
  CHECK(modes("soft", 3) == std::vector<std::string>{"greedy", "beam of 3"});
  CHECK(names(ShowAttendTellAgent(small("soft"), world.spec(), 1).evaluation_modes({1, 3, 0.5})).back() ==
        "beam of 3 with length power 0.5");
  CHECK(modes("hard", 1) ==
        std::vector<std::string>{"greedy, drawn context", "greedy, likeliest context", "greedy, expected context"});
  CHECK(modes("uniform", 1) == std::vector<std::string>{"greedy, drawn context", "greedy, expected context"});
}

TEST_CASE("a captioner refuses a world without captions", "[captions]") {
  rl::EnvironmentSpec spec = NoiseCaptions().spec();
  spec.end_action.reset();
  CHECK_THROWS_AS(ShowAttendTellAgent(small("soft"), spec, 1), ConfigError);
  ShowAttendTellConfig config = small("hard");
  config.baseline = "leave_one_out";
  CHECK_THROWS_AS(ShowAttendTellAgent(config, NoiseCaptions().spec(), 1), ConfigError);
  config.attention = "soft";  // which has no baseline
  CHECK_NOTHROW(ShowAttendTellAgent(config, NoiseCaptions().spec(), 1));
}

TEST_CASE("places that are read are told, and so is their share", "[captions]") {
  const NoiseCaptions world;
  ShowAttendTellConfig config = small("hard");
  config.expected_share = 0;
  ShowAttendTellAgent agent(config, world.spec(), 1);
  Player player(world, agent);
  const auto readings = [&](rl::Decision decision) {
    player.play(0, 3, Tape::Mode::infer, {decision, 1, random::Purpose("test")});
    return player.actor().readings();
  };
  CHECK(readings(rl::Decision::sample).front().places.size() == 3);
  CHECK(readings(rl::Decision::mean).front().places.empty());
  CHECK(readings(rl::Decision::sample).front().rows == 1);
  CHECK(readings(rl::Decision::sample).front().columns == 2);
  CHECK(readings(rl::Decision::sample).front().weights.shape() == Shape{3, 2});
}

TEST_CASE("captions of one image share what is computed of it", "[captions]") {
  const std::string attention = GENERATE(as<std::string>{}, "soft", "mean");
  const NoiseCaptions world;
  ShowAttendTellAgent agent(small(attention), world.spec(), 1);
  Tape tape(agent.parameters());
  const auto first_words = [&](const std::vector<rl::EpisodeKey>& keys) {
    tape.begin(Tape::Mode::infer);
    const auto actor = agent.actor();
    actor->begin(tape, {rl::Decision::mean, 1, random::Purpose("test")}, keys);
    const auto episodes = world.episodes();
    (void)actor->act(episodes->reset(keys));
    return Tensor(xt::exp(to_tensor(actor->action_log_probs())));
  };
  const rl::EpisodeKey a{rl::Split::test, 0, 0}, b{rl::Split::test, 1, 1};
  Tensor once = first_words({a, b}), twice = first_words({a, a, b, b}), mixed = first_words({a, b, b});
  const auto row = [](Tensor& rows, std::size_t i) { return TensorView(rows).rows(i, 1); };
  for (std::size_t i = 0; i < 4; ++i) CHECK(close(row(twice, i), to_tensor(row(once, i / 2)), 10 * rounding));
  for (std::size_t i = 0; i < 3; ++i) CHECK(close(row(mixed, i), to_tensor(row(once, (i + 1) / 2)), 10 * rounding));
}

TEST_CASE("a captioner never says the start or that it does not know a word", "[captions]") {
  const NoiseCaptions world;
  ShowAttendTellAgent agent(small("soft"), world.spec(), 1);
  ParameterStore& store = agent.parameters();
  const TensorView bias = store.value(store.find("output.word.bias"));
  const std::vector<std::int32_t> never = world.spec().masked_actions;
  CHECK(never == std::vector<std::int32_t>{envs::captions::Vocabulary::start, envs::captions::Vocabulary::unknown});
  for (const std::int32_t word : never) bias[static_cast<std::size_t>(word)] = 100;
  Tape tape(store);
  tape.begin(Tape::Mode::infer);
  const auto actor = agent.actor();
  const auto episodes = world.episodes();
  const std::vector<rl::EpisodeKey> keys{{rl::Split::test, 0, 0}, {rl::Split::test, 1, 1}};
  actor->begin(tape, {rl::Decision::mean, 1, random::Purpose("test")}, keys);
  rl::TimeStep now = episodes->reset(keys);
  while (now.kind != rl::StepKind::last) {
    const std::span<const std::int32_t> said = actor->act(now);
    for (const std::int32_t word : said) CHECK(std::count(never.begin(), never.end(), word) == 0);
    now = episodes->step(said);
    actor->observe(now);
  }
}

#ifdef SACCADE_REAL_DOUBLE

/// The loss of all captions as an array, as a function of the parameters.
GradCheck check_gradients(const ShowAttendTellConfig& config, const Shape& shape = {1, 2, 3}) {
  const NoiseCaptions world(NoiseCaptions::default_captions(), shape);
  ShowAttendTellAgent agent(config, world.spec(), 1);
  for (Real& x : agent.parameters().values().span()) x *= 3;  // away from where all is about linear
  const auto episodes = world.episodes();
  const auto actor = agent.actor();
  const std::vector<rl::EpisodeKey> keys{{rl::Split::train, 0, 0}, {rl::Split::train, 1, 1}, {rl::Split::train, 2, 2}};
  return check_parameter_grad(agent.parameters(), [&](Tape& tape) {
    actor->begin(tape, {}, keys);
    rl::TimeStep now = episodes->reset(keys);
    while (now.kind != rl::StepKind::last) {
      now = episodes->step(actor->act(now));
      actor->observe(now);
    }
    return actor->loss(3);
  });
}

TEST_CASE("the gradient of every parameter of a captioner", "[grad]") {
  for (const char* attention : {"soft", "marginal", "uniform", "mean"}) {
    INFO(attention);
    CHECK(check_gradients(small(attention)));
    ShowAttendTellConfig config = small(attention);
    config.gate = false;
    config.dropout = 0.5;
    config.doubly_stochastic_coefficient = 0;
    CHECK(check_gradients(config));
  }
  ShowAttendTellConfig config = small("soft");
  config.encoder = "convolutional";
  config.encoder_filters = {3, 2};
  config.encoder_strides = {2, 1};
  CHECK(check_gradients(config, {6, 8, 2}));
}

TEST_CASE("uniform attention that is expected for all captions is that of the mean", "[grad]") {
  const NoiseCaptions world;
  std::vector<Tensor> gradients;
  for (const char* attention : {"uniform", "mean"}) {
    ShowAttendTellConfig config = small(attention);
    config.expected_share = 1;
    ShowAttendTellAgent agent(config, world.spec(), 1);
    Player player(world, agent);
    player.gradients(0, 3);
    gradients.push_back(to_tensor(player.tape().gradients()));
  }
  Farthest distance;
  for (std::size_t i = 0; i < gradients[0].size(); ++i) distance.add(gradients[0].flat(i) - gradients[1].flat(i));
  CHECK(distance.distance() < 1e-12);
}

TEST_CASE("the gradient of hard attention that is soft for all captions", "[grad]") {
  ShowAttendTellConfig config = small("hard");
  config.expected_share = 1;
  CHECK(check_gradients(config));
}

/// What the roll-outs of a caption come to, each on a way through its places.
struct Outcome {
  double log_prob = 0;   // of the ways
  double log_words = 0;  // of the words, given the places: the mean over roll-outs
  Tensor gradient;       // of the loss
};

/// Hard attention on one caption, with every way through its places, and that of the expected context where some
/// captions read it, found by trying numbers of episodes.
class Enumeration {
 public:
  explicit Enumeration(const ShowAttendTellConfig& config)
      : agent_{config, world_.spec(), 1}, share_{config.expected_share} {
    for (Real& x : agent_.parameters().values().span()) x *= 3;
    const std::size_t count = share_ > 0 ? 9 : 8;
    for (std::uint64_t number = 0; ways_.size() < count; ++number) {
      run(std::vector<std::uint64_t>(config.rollouts, number));
      ways_.emplace(places(), number);
    }
  }

  /// sum over ways of p(way) log p(words | way).
  double objective() {
    double total = 0;
    for_each_way([&](const Outcome& way) { total += std::exp(way.log_prob) * way.log_words; });
    return total;
  }

  /// The mean of the gradient of the loss over the ways of all roll-outs, each as often as it comes about.
  Tensor mean_gradient() {
    Tensor mean = zeros({agent_.parameters().values().size()});
    for_each_way([&](const Outcome& way) {
      for (std::size_t i = 0; i < mean.size(); ++i) mean.flat(i) += std::exp(way.log_prob) * way.gradient.flat(i);
    });
    return mean;
  }

  /// The mean over the same ways of the squared distance of that gradient to its mean.
  double variance() {
    const Tensor mean = mean_gradient();
    double total = 0;
    for_each_way([&](const Outcome& way) {
      double square = 0;
      for (std::size_t i = 0; i < mean.size(); ++i) square += std::pow(way.gradient.flat(i) - mean.flat(i), 2);
      total += std::exp(way.log_prob) * square;
    });
    return total;
  }

  ShowAttendTellAgent& agent() { return agent_; }

 private:
  /// The number of an episode for each way; no places for the expected context.
  using Ways = std::map<std::vector<std::int32_t>, std::uint64_t>;

  /// Every combination of the ways of all roll-outs.
  template <typename Visit>
  void for_each_way(const Visit& visit) {
    std::vector<Ways::const_iterator> taken(agent_.rollouts(), ways_.begin());
    for (std::size_t k = 0; k < taken.size();) {
      visit(outcome(taken));
      for (k = 0; k < taken.size() && ++taken[k] == ways_.end(); ++k) taken[k] = ways_.begin();
    }
  }

  void run(const std::vector<std::uint64_t>& numbers) {
    tape_.begin(Tape::Mode::record);
    std::vector<rl::EpisodeKey> keys;
    for (const std::uint64_t number : numbers) keys.push_back({rl::Split::train, 0, number});
    actor_->begin(tape_, {}, keys);
    rl::TimeStep now = episodes_->reset(keys);
    while (now.kind != rl::StepKind::last) {
      now = episodes_->step(actor_->act(now));
      actor_->observe(now);
    }
  }

  [[nodiscard]] std::vector<std::int32_t> places() const {
    std::vector<std::int32_t> all;
    for (const rl::Reading& reading : actor_->readings()) {
      if (!reading.places.empty()) all.push_back(reading.places[0]);
    }
    return all;
  }

  /// Of a roll-out that took this way.
  [[nodiscard]] double log_prob(std::size_t rollout, const std::vector<std::int32_t>& places) const {
    if (places.empty()) return std::log(share_);
    double sum = std::log(1 - share_);
    for (std::size_t t = 0; t < places.size(); ++t) {
      sum += std::log(actor_->readings()[t].weights(rollout, static_cast<std::size_t>(places[t])));
    }
    return sum;
  }

  Outcome outcome(const std::vector<Ways::const_iterator>& taken) {
    std::vector<std::uint64_t> numbers;
    for (const auto& way : taken) numbers.push_back(way->second);
    run(numbers);
    Outcome way;
    for (std::size_t b = 0; b < taken.size(); ++b) way.log_prob += log_prob(b, taken[b]->first);
    tape_.backward(actor_->loss(numbers.size()));
    std::vector<double> sums(agent_.metric_count());
    actor_->add_metrics(sums);
    way.log_words = sums[CaptionSums::log_prob] / static_cast<double>(numbers.size());
    way.gradient = to_tensor(tape_.gradients());
    return way;
  }

  NoiseCaptions world_;
  ShowAttendTellAgent agent_;
  double share_;
  Tape tape_{agent_.parameters()};
  std::unique_ptr<rl::Episodes> episodes_ = world_.episodes();
  std::unique_ptr<rl::Actor> actor_ = agent_.actor();
  Ways ways_;
};

ShowAttendTellConfig drawn(const std::string& reward, const std::string& baseline) {
  ShowAttendTellConfig config = small("hard");
  config.expected_share = 0;
  config.doubly_stochastic_coefficient = 0;
  config.reward = reward;
  config.baseline = baseline;
  config.rollouts = baseline == "leave_one_out" ? 2 : 1;
  return config;
}

/// The greatest difference between the estimator's mean and minus the gradient of the objective.
double bias(const ShowAttendTellConfig& config) {
  Enumeration estimated(config);
  *estimated.agent().state().front().value = -1.7;  // as after some steps: the moving average is not none
  const Tensor mean = estimated.mean_gradient();
  ShowAttendTellConfig plain = drawn("rest", "none");
  plain.expected_share = config.expected_share;
  Enumeration exact(plain);
  const TensorView values = exact.agent().parameters().values();
  constexpr double step = 1e-5;
  Farthest greatest;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const Real before = values[i];
    values[i] = before + step;
    const double above = exact.objective();
    values[i] = before - step;
    const double below = exact.objective();
    values[i] = before;
    greatest.add((above - below) / (2 * step) + mean.flat(i));
  }
  return greatest.distance();
}

TEST_CASE("REINFORCE over places is without bias", "[captions][grad]") {
  const std::string baseline = GENERATE(as<std::string>{}, "none", "moving_average", "self_critical", "leave_one_out");
  INFO(baseline);
  CHECK(bias(drawn("rest", baseline)) < 1e-7);
  CHECK(bias(drawn("sentence", baseline)) < 1e-7);
}

TEST_CASE("REINFORCE is without bias when some captions read the expected context", "[captions][grad]") {
  const std::string baseline = GENERATE(as<std::string>{}, "moving_average", "self_critical", "leave_one_out");
  INFO(baseline);
  for (const char* reward : {"rest", "sentence"}) {
    INFO(reward);
    ShowAttendTellConfig config = drawn(reward, baseline);
    config.expected_share = 0.3;
    CHECK(bias(config) < 1e-7);
  }
}

TEST_CASE("REINFORCE over places is without bias for three roll-outs", "[captions][grad]") {
  ShowAttendTellConfig config = drawn("rest", "leave_one_out");
  config.rollouts = 3;
  CHECK(bias(config) < 1e-7);
}

/// Of the gradient of two roll-outs, with the moving average where it comes to rest.
double variance(const std::string& reward, const std::string& baseline) {
  ShowAttendTellConfig config = drawn(reward, baseline);
  config.rollouts = 2;
  Enumeration ways(config);
  *ways.agent().state().front().value = ways.objective() / 3;  // words
  return ways.variance();
}

TEST_CASE("baselines, and rewards of later words alone, take variance from REINFORCE", "[captions][variance]") {
  const double without = variance("rest", "none");
  CHECK(variance("rest", "moving_average") < without);
  CHECK(variance("rest", "self_critical") < without);
  CHECK(variance("rest", "leave_one_out") < without);
  CHECK(without < variance("sentence", "none"));
}

TEST_CASE("the reward of a word alone leaves out what comes after", "[captions][grad]") {
  CHECK(bias(drawn("word", "none")) > 1e-4);
}

#endif

}  // namespace
}  // namespace saccade::agents
