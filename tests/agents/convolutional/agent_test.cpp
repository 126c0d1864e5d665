#include "agents/convolutional/agent.hpp"

#include "core/errors.hpp"
#include "core/ops/log_softmax.hpp"
#include "envs/images.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/check_grad.hpp"
#include "tests/support/messages.hpp"
#include "tests/support/player.hpp"

namespace saccade::agents {
namespace {

using namespace tests;

/// Images of noise, two classes.
envs::ImageRecognition noise_world(std::size_t count, std::size_t side = 8) {
  envs::ImageSplits splits{{side, side, 1}, 2, {}, {}, {}};
  random::Stream stream{1, random::Purpose{"test images"}};
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t p = 0; p < side * side; ++p) {
      splits.train.pixels.push_back(static_cast<std::uint8_t>(stream.below(256)));
    }
    splits.train.labels.push_back(static_cast<std::uint8_t>(i % 2));
  }
  return {"noise", splits};
}

ConvolutionalConfig small() { return {3, 4, 2, 16}; }

TEST_CASE("the parameters of the paper's convolutional network", "[convolutional]") {
  const envs::ImageRecognition world = noise_world(1, 60);
  ConvolutionalAgent agent({8, 10, 5, 256}, world.spec(), 1);
  const ParameterStore& store = agent.parameters();
  CHECK(store.shape(store.find("filters.weight")) == Shape{8, 100});
  CHECK(store.shape(store.find("hidden.weight")) == Shape{256, 11 * 11 * 8});
  CHECK(store.shape(store.find("action.weight")) == Shape{2, 256});
}

TEST_CASE("the convolutional network learns its images by heart", "[convolutional]") {
  const envs::ImageRecognition world = noise_world(16);
  ConvolutionalAgent agent(small(), world.spec(), 1);
  Player player(world, agent);
  CHECK(player.error(16) > 0.2);
  player.learn(300, 16, 1e-2);
  CHECK(player.error(16) == 0);
}

TEST_CASE("a gain on the pixels is the same as brighter pixels", "[convolutional]") {
  const envs::ImageRecognition world = noise_world(1);
  ConvolutionalConfig config = small();
  config.gain = 3;
  ConvolutionalAgent agent(config, world.spec(), 1);
  Tape tape(agent.parameters());
  const auto actor = agent.actor();
  const auto episodes = world.episodes();
  const std::vector<rl::EpisodeKey> keys{{rl::Split::train, 0, 0}};
  tape.begin(Tape::Mode::infer);
  actor->begin(tape, {}, keys);
  const rl::TimeStep shown = episodes->reset(keys);
  Tensor bright = to_tensor(shown.observation);
  for (std::size_t i = 0; i < bright.size(); ++i) bright.flat(i) *= 3;
  (void)actor->act(shown);
  const Variable expected = ops::log_softmax(agent.logits(tape.constant(bright)));
  for (std::size_t a = 0; a < 2; ++a) CHECK(actor->action_log_probs()[a] == expected.value()[a]);
}

TEST_CASE("the convolutional network is tested in one way", "[convolutional]") {
  const envs::ImageRecognition world = noise_world(1);
  const auto modes = ConvolutionalAgent(small(), world.spec(), 1).evaluation_modes({5});
  REQUIRE(modes.size() == 1);
  CHECK(modes[0].name == "deterministic");
}

TEST_CASE("the convolutional network refuses a world that it cannot live in", "[convolutional]") {
  const auto message = [](rl::EnvironmentSpec spec) {
    return message_of<ConfigError>([&] { ConvolutionalAgent(small(), spec, 1); });
  };
  rl::EnvironmentSpec spec = noise_world(1).spec();
  spec.observation.shape = {3, 9, 1};
  CHECK(has(message(spec),
            "agent convolutional needs images [H, W, C] of 4x4 pixels or more, but noise shows [3, 9, 1]"));
  spec.observation.shape = {9, 9};
  CHECK(has(message(spec), "needs images [H, W, C]"));
  spec = noise_world(1).spec();
  spec.has_targets = false;
  CHECK(has(message(spec), "agent convolutional needs a world of one action"));
}

#ifdef SACCADE_REAL_DOUBLE
TEST_CASE("the gradient of the convolutional network", "[grad]") {
  ConvolutionalAgent agent({2, 3, 2, 4}, noise_world(1, 6).spec(), 1);
  Tensor images = randn({2, 6, 6, 1}, 1);
  CHECK(check_parameter_grad(agent.parameters(), [&](Tape& tape) { return agent.logits(tape.constant(images)); }));
}
#endif

}  // namespace
}  // namespace saccade::agents
