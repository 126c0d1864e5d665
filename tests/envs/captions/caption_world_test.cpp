#include "envs/captions/caption_world.hpp"

#include <cmath>

#include "core/errors.hpp"
#include "envs/captions/metrics/meteor.hpp"
#include "envs/captions/reference_judge.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/check_environment.hpp"

namespace saccade::envs::captions {
namespace {

const std::vector<Tokens> captions{{"a", "dog"}, {"a", "cat", "runs"}, {"a"}};

Vocabulary vocabulary() { return Vocabulary::of(std::vector<CaptionedImage>{{"1", captions}}); }

/// Three images of one pixel, whose value is their number.
class Pixels final : public CaptionWorld {
 public:
  Pixels()
      : CaptionWorld("pixels", {{1, 1, 1}, 0, 2}, captions::vocabulary(), 4),
        judge_{CaptionWorld::vocabulary(), references(), references()} {}

  [[nodiscard]] std::size_t size(rl::Split) const override { return captions.size(); }
  [[nodiscard]] std::size_t length(rl::Split, std::uint64_t index) const override { return captions[index].size() + 1; }
  [[nodiscard]] const rl::Judge* judge() const override { return &judge_; }
  void show(const rl::EpisodeKey& key, std::span<Real> observation, std::vector<std::int32_t>& words) const override {
    observation[0] = static_cast<Real>(key.index);
    words.clear();
    if (key.split != rl::Split::train) return;
    for (const std::uint32_t word : vocabulary().encode(captions[key.index])) {
      words.push_back(static_cast<std::int32_t>(word));
    }
  }

 private:
  static std::vector<std::vector<Tokens>> references() {
    return {{captions[0], captions[2]}, {captions[1]}, {captions[2]}};
  }

  ReferenceJudge judge_;
};

rl::Actions words(const Pixels& world, const Tokens& tokens) {
  rl::Actions actions;
  for (const std::string& token : tokens)
    actions.push_back(static_cast<std::int32_t>(world.vocabulary().number(token)));
  return actions;
}

TEST_CASE("a world of captions keeps the rules of environments", "[captions]") {
  CHECK(tests::check_environment(Pixels()) == tests::no_faults);
}

TEST_CASE("training reveals the caption word by word whatever is said", "[captions]") {
  const Pixels world;
  const auto episodes = world.episodes();
  const std::vector<rl::EpisodeKey> keys{{rl::Split::train, 0}, {rl::Split::train, 1}};
  CHECK(episodes->reset(keys).target.empty());
  const rl::Actions dog = words(world, {"a", "dog"});
  const rl::Actions cat = words(world, {"a", "cat", "runs"});
  const std::vector<std::int32_t> said{5, 5};
  const auto targets = [&] {
    const rl::TimeStep now = episodes->step(said);
    return std::vector<std::int32_t>(now.target.begin(), now.target.end());
  };
  const auto end = static_cast<std::int32_t>(Vocabulary::end);
  CHECK(targets() == std::vector{dog[0], cat[0]});
  CHECK(targets() == std::vector{dog[1], cat[1]});
  CHECK(targets() == std::vector{end, cat[2]});
  CHECK(targets() == std::vector{-1, end});
  CHECK_THROWS_AS(episodes->step(said), ArgumentError);
}

TEST_CASE("in a test an episode is over when the caption ends or is too long", "[captions]") {
  const Pixels world;
  const auto episodes = world.episodes();
  episodes->reset(std::vector<rl::EpisodeKey>{{rl::Split::test, 0}, {rl::Split::test, 1}});
  const auto end = static_cast<std::int32_t>(Vocabulary::end);
  rl::TimeStep now = episodes->step(std::vector{end, 4});
  CHECK(now.target.empty());
  CHECK((now.discount[0] == 0 && now.discount[1] == 1));
  std::size_t steps = 1;
  for (; now.kind != rl::StepKind::last; ++steps) now = episodes->step(std::vector{4, 4});
  CHECK(steps == world.spec().max_steps);
}

double measure(const rl::Report& report, const std::string& name) {
  for (const auto& [key, value] : report) {
    if (key == name) return value;
  }
  FAIL("no measure " << name);
  return 0;
}

TEST_CASE("a judge by references knows captions that are theirs", "[captions]") {
  const Pixels world;
  const rl::Judge& judge = *world.judge();
  const rl::Actions cat = words(world, {"a", "cat", "runs"});
  CHECK(judge.text(cat) == "a cat runs");
  CHECK(judge.right(rl::Split::test, 1, cat));
  CHECK(!judge.right(rl::Split::test, 0, cat));
  CHECK(judge.right(rl::Split::test, 0, words(world, {"a"})));
  CHECK_THROWS_AS(judge.statistics(rl::Split::train, {}), ArgumentError);
}

TEST_CASE("measures of a split are those of the metrics", "[captions]") {
  const Pixels world;
  const std::vector<rl::Actions> said{words(world, {"a", "cat"}), words(world, {"a", "cat", "runs"}), {}};
  const rl::Report report = rl::measures(*world.judge(), rl::Split::validation, said);
  CHECK(report.front().first == "bleu-4");
  CHECK(measure(report, "bleu-1") == Approx(4.0 / 5));
  CHECK(measure(report, "bleu-2") == Approx(std::sqrt(4.0 / 5 * 2 / 3)));
  CHECK(measure(report, "exact") == Approx(1.0 / 3));
  const double brevity = std::exp(1 - 6.0 / 5);
  CHECK(measure(report, "bleu-1-bp") == Approx(4.0 / 5 * brevity));
  const std::vector<Tokens> candidates{{"a", "cat"}, {"a", "cat", "runs"}, {}};
  const std::vector<std::vector<Tokens>> references{{captions[0], captions[2]}, {captions[1]}, {captions[2]}};
  const Meteor meteor = meteor_exact_stem(Corpus(candidates, references));
  CHECK(measure(report, "meteor-exact-stem") == Approx(meteor.corpus));
  CHECK(std::abs(meteor.corpus - meteor.images.mean) > 0.05);
}

}  // namespace
}  // namespace saccade::envs::captions
