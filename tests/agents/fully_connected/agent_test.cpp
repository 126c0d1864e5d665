#include "agents/fully_connected/agent.hpp"

#include <cmath>

#include "core/errors.hpp"
#include "envs/images.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/check_grad.hpp"
#include "tests/support/messages.hpp"
#include "tests/support/player.hpp"

namespace saccade::agents {
namespace {

using namespace tests;

envs::ImageRecognition world(std::size_t count) {
  envs::ImageSplits splits{{3, 2, 1}, 4, {}, {}, {}};
  random::Stream stream{1, random::Purpose{"test images"}};
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t p = 0; p < 6; ++p) splits.train.pixels.push_back(static_cast<std::uint8_t>(stream.below(256)));
    splits.train.labels.push_back(static_cast<std::uint8_t>(i % 4));
  }
  return {"noise", splits};
}

TEST_CASE("the layers of the fully connected network", "[fully_connected]") {
  const envs::ImageRecognition noise = world(4);
  FullyConnectedAgent agent({{5, 7}}, noise.spec(), 1);
  const ParameterStore& store = agent.parameters();
  CHECK(store.size() == 6);
  CHECK(store.shape(store.find("layer0.weight")) == Shape{5, 6});
  CHECK(store.shape(store.find("layer1.weight")) == Shape{7, 5});
  CHECK(store.shape(store.find("action.weight")) == Shape{4, 7});
  CHECK(agent.notes() == std::vector<std::string>{"109 parameters"});

  FullyConnectedAgent linear({{}}, noise.spec(), 1);
  CHECK(linear.parameters().count() == 28);
}

TEST_CASE("the actions of the fully connected network are the most probable", "[fully_connected]") {
  const envs::ImageRecognition noise = world(8);
  FullyConnectedAgent agent({{5}}, noise.spec(), 1);
  Player player(noise, agent);
  const rl::TimeStep& end = player.play(0, 8);
  const TensorView log_p = player.actor().action_log_probs();
  CHECK(log_p.shape() == Shape{8, 4});
  for (std::size_t b = 0; b < 8; ++b) {
    const TensorView row = log_p.rows(b, 1);
    const auto best = std::max_element(row.begin(), row.end()) - row.begin();
    CHECK((end.reward[b] == 1) == (best == end.target[b]));
  }
  CHECK(player.actor().glimpses().empty());
}

TEST_CASE("what the fully connected network reports", "[fully_connected]") {
  const envs::ImageRecognition noise = world(8);
  FullyConnectedAgent agent({{5}}, noise.spec(), 1);
  Player player(noise, agent);
  const rl::Report report = agent.report(player.gradients(0, 8), 8);
  const TensorView log_p = player.actor().action_log_probs();
  double loss = 0;
  for (std::size_t b = 0; b < 8; ++b) loss -= static_cast<double>(log_p(b, b % 4)) / 8;
  CHECK(report.at(0).first == "loss");
  CHECK(std::abs(report.at(0).second - loss) < 1e-5);
  CHECK(report.at(1) == std::pair<std::string, double>{"error", player.error(8)});
}

TEST_CASE("the fully connected network learns its images by heart", "[fully_connected]") {
  const envs::ImageRecognition noise = world(16);
  FullyConnectedAgent agent({{32}}, noise.spec(), 1);
  Player player(noise, agent);
  CHECK(player.error(16) > 0.3);
  player.learn(400, 16, 1e-2);
  CHECK(player.error(16) == 0);
}

TEST_CASE("the fully connected network refuses a world that it cannot live in", "[fully_connected]") {
  rl::EnvironmentSpec spec = world(4).spec();
  spec.has_targets = false;
  CHECK(has(message_of<ConfigError>([&] { FullyConnectedAgent({}, spec, 1); }), "agent fully_connected needs a world"));
}

#ifdef SACCADE_REAL_DOUBLE
TEST_CASE("the gradient of the fully connected network", "[grad]") {
  const envs::ImageRecognition noise = world(4);
  FullyConnectedAgent agent({{5, 3}}, noise.spec(), 1);
  Tensor x = randn({3, 6}, 1);
  CHECK(check_parameter_grad(agent.parameters(), [&](Tape& tape) { return agent.logits(tape.constant(x)); }));
}
#endif

}  // namespace
}  // namespace saccade::agents
