#include "envs/images.hpp"

#include <algorithm>

#include "core/errors.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/check_environment.hpp"
#include "tests/support/messages.hpp"
#include "tests/support/tensors.hpp"

namespace saccade::envs {
namespace {

using namespace tests;

/// Images of 1 x 2 pixels: two to train with, one to validate, one to test.
ImageSplits splits() { return {{1, 2, 1}, 3, {{0, 255, 51, 102}, {2, 0}}, {{1, 2}, {1}}, {{3, 4}, {0}}}; }

TEST_CASE("recognition keeps the promises of an environment", "[environment]") {
  CHECK(check_environment(ImageRecognition("tiny", splits())) == no_faults);
}

TEST_CASE("an episode of recognition", "[environment]") {
  const ImageRecognition world("tiny", splits());
  CHECK(world.spec().name == "tiny");
  CHECK(world.spec().num_actions == 3);
  CHECK(world.size(rl::Split::train) == 2);
  const auto episodes = world.episodes();
  const std::vector<rl::EpisodeKey> keys{{rl::Split::train, 1, 0}, {rl::Split::train, 0, 1}, {rl::Split::test, 0, 2}};
  const rl::TimeStep first = episodes->reset(keys);
  CHECK(close(first.observation, tensor({3, 1, 2, 1}, {0.2, 0.4, 0, 1, 3 / 255.0, 4 / 255.0})));
  const std::vector<std::int32_t> actions{0, 1, 0};
  const rl::TimeStep last = episodes->step(actions);
  CHECK(last.kind == rl::StepKind::last);
  CHECK(std::vector<Real>(last.reward.begin(), last.reward.end()) == std::vector<Real>{1, 0, 1});
  CHECK(std::vector<Real>(last.discount.begin(), last.discount.end()) == std::vector<Real>{0, 0, 0});
  CHECK(std::vector<std::int32_t>(last.target.begin(), last.target.end()) == std::vector<std::int32_t>{0, 2, 0});
}

TEST_CASE("images must fit their labels and classes", "[environment]") {
  ImageSplits few = splits();
  few.validation.pixels.pop_back();
  CHECK(message_of<ArgumentError>([&] { ImageRecognition("tiny", few); }) ==
        "tiny: 1 labels of images [1, 2, 1] need 2 bytes of pixels in the validation split, got 1");
  ImageSplits high = splits();
  high.test.labels[0] = 3;
  CHECK(message_of<ArgumentError>([&] { ImageRecognition("tiny", high); }) ==
        "tiny: labels must be below 3, got 3 in the test split");
}

/// A world that wraps another and breaks promises.
class Faulty final : public rl::Environment {
 public:
  explicit Faulty(const rl::Environment& inner) : inner_{inner}, spec_{inner.spec()} {}
  const rl::EnvironmentSpec& spec() const override { return spec_; }
  std::size_t size(rl::Split split) const override { return inner_.size(split); }
  std::unique_ptr<rl::Episodes> episodes() const override;

  rl::EnvironmentSpec& spec() { return spec_; }

 private:
  const rl::Environment& inner_;
  rl::EnvironmentSpec spec_;
};

/// Depends on the number of the first key of its batch, and accepts anything.
class FaultyEpisodes final : public rl::Episodes {
 public:
  explicit FaultyEpisodes(std::unique_ptr<rl::Episodes> inner) : inner_{std::move(inner)} {}
  rl::TimeStep reset(std::span<const rl::EpisodeKey> keys) override {
    rl::TimeStep first = inner_->reset(keys);
    first.observation[0] = static_cast<Real>(keys[0].number % 9) / 10;
    return first;
  }
  rl::TimeStep step(std::span<const std::int32_t> actions) override try {
    return inner_->step(actions);
  } catch (const ArgumentError&) {
    return {};
  }

 private:
  std::unique_ptr<rl::Episodes> inner_;
};

std::unique_ptr<rl::Episodes> Faulty::episodes() const { return std::make_unique<FaultyEpisodes>(inner_.episodes()); }

TEST_CASE("the check of an environment finds what is wrong", "[environment]") {
  const ImageRecognition good("tiny", splits());
  Faulty bad(good);
  bad.spec().minimum_reward = Real{0.5};
  const std::vector<std::string> faults = check_environment(bad);
  const auto found = [&](const std::string& fault) {
    return std::find(faults.begin(), faults.end(), fault) != faults.end();
  };
  CHECK(found("an episode of the test split depends on its number"));
  CHECK(found("a reward is 0"));
  CHECK(found("a step after LAST is accepted"));
  CHECK(found("a step before reset is accepted"));
  CHECK(found("[-1, 0] as actions of 2 episodes of 3 actions is accepted"));
  CHECK_FALSE(found("reset does not give FIRST"));
}

}  // namespace
}  // namespace saccade::envs
