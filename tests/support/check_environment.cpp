#include "tests/support/check_environment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <set>

#include "core/errors.hpp"
#include "core/random/stream.hpp"

namespace saccade::tests {
namespace {

using rl::EpisodeKey;
using rl::Split;
using rl::StepKind;
using rl::TimeStep;

constexpr std::array splits{Split::train, Split::validation, Split::test};

/// What one episode showed, step after step.
using Trace = std::vector<Real>;

class EnvironmentCheck {
 public:
  explicit EnvironmentCheck(const rl::Environment& world) : world_{world}, spec_{world.spec()} {}

  std::vector<std::string> run() {
    expect(!spec_.name.empty(), "the world has no name");
    expect(spec_.num_actions > 0, "there are no actions");
    expect(spec_.max_steps > 0, "episodes may take no step");
    for (const Split split : splits) {
      expect(world_.size(split) > 0, fmt::format("the {} split is empty", rl::name(split)));
      if (world_.size(split) == 0) continue;
      check_repetition(split);
      check_batches(split);
      check_bad_keys(split);
    }
    check_numbers();
    check_bad_actions();
    check_order_of_calls();
    return {faults_.begin(), faults_.end()};
  }

 private:
  void expect(bool kept, const std::string& fault) {
    if (!kept) faults_.insert(fault);
  }

  template <typename Action>
  void expect_refusal(const Action& action, const std::string& what) {
    try {
      action();
    } catch (const ArgumentError&) {
      return;
    } catch (const std::exception& error) {
      expect(false, fmt::format("{} throws an error of another type: {}", what, error.what()));
      return;
    }
    expect(false, what + " is accepted");
  }

  /// A few keys of a split, its last episode among them.
  std::vector<EpisodeKey> keys(Split split, std::uint64_t first_number = 7, std::uint64_t visit = 0,
                               std::uint64_t seed = 0) const {
    const std::uint64_t size = world_.size(split);
    std::vector<EpisodeKey> keys;
    for (const std::uint64_t index : {std::uint64_t{0}, size / 2, size - 1}) {
      keys.push_back({split, index, first_number + keys.size(), visit, seed});
    }
    return keys;
  }

  /// Any action, always the same for an episode and step.
  std::int32_t action(const EpisodeKey& key, std::size_t step) const {
    random::Stream stream{key.index, random::Purpose{"test actions"}, step};
    return static_cast<std::int32_t>(stream.below(static_cast<std::uint32_t>(spec_.num_actions)));
  }

  std::vector<std::int32_t> actions(const std::vector<EpisodeKey>& keys, std::size_t step) const {
    std::vector<std::int32_t> actions;
    actions.reserve(keys.size());
    for (const EpisodeKey& key : keys) actions.push_back(action(key, step));
    return actions;
  }

  /// Takes episodes from FIRST to LAST, looks at every step, and returns a trace of each.
  std::vector<Trace> play(rl::Episodes& episodes, const std::vector<EpisodeKey>& keys) {
    std::vector<Trace> traces(keys.size());
    split_ = keys.front().split;
    running_.assign(keys.size(), true);
    TimeStep now = episodes.reset(keys);
    check_first(now, keys.size());
    append(now, traces);
    for (std::size_t step = 0; now.kind != StepKind::last; ++step) {
      if (step == spec_.max_steps) {
        expect(false, fmt::format("an episode takes more than {} steps", spec_.max_steps));
        break;
      }
      now = episodes.step(actions(keys, step));
      check_later(now, keys.size());
      append(now, traces);
    }
    return traces;
  }

  void check_first(const TimeStep& now, std::size_t batch) {
    expect(now.kind == StepKind::first, "reset does not give FIRST");
    expect(now.target.empty(), "FIRST names the right action");
    expect(std::all_of(now.reward.begin(), now.reward.end(), [](Real r) { return r == 0; }), "FIRST has a reward");
    check_arrays(now, batch);
  }

  void check_later(const TimeStep& now, std::size_t batch) {
    expect(now.kind != StepKind::first, "a step gives FIRST");
    for (const Real r : now.reward) {
      expect(r >= spec_.minimum_reward && r <= spec_.maximum_reward, fmt::format("a reward is {}", r));
    }
    const bool tells = spec_.has_targets && (world_.judge() == nullptr || split_ == Split::train);
    if (now.kind == StepKind::last && tells) {
      expect(now.target.size() == batch, fmt::format("LAST has {} targets for {} episodes", now.target.size(), batch));
    }
    if (!tells) expect(now.target.empty(), "there are targets that the spec denies");
    for (std::size_t b = 0; b < now.target.size(); ++b) check_target(now.target[b], running_[b]);
    for (std::size_t b = 0; b < now.discount.size() && b < running_.size(); ++b) {
      running_[b] = running_[b] && now.discount[b] != 0;
    }
    check_arrays(now, batch);
  }

  void check_target(std::int32_t target, bool running) {
    if (world_.judge() != nullptr && !running) {
      expect(target == -1, fmt::format("a target after an episode's end is {}", target));
      return;
    }
    expect(target >= 0 && static_cast<std::size_t>(target) < spec_.num_actions, fmt::format("a target is {}", target));
  }

  void check_arrays(const TimeStep& now, std::size_t batch) {
    const Shape shape = spec_.observation.shape.prepended(batch);
    expect(now.observation.shape() == shape, fmt::format("observations are {} where the spec says {}",
                                                         to_string(now.observation.shape()), to_string(shape)));
    expect(now.reward.size() == batch, fmt::format("{} rewards for {} episodes", now.reward.size(), batch));
    expect(now.discount.size() == batch, fmt::format("{} discounts for {} episodes", now.discount.size(), batch));
    for (const Real x : now.observation.span()) {
      expect(x >= spec_.observation.minimum && x <= spec_.observation.maximum, fmt::format("an observation is {}", x));
    }
    for (const Real d : now.discount) expect(d >= 0 && d <= 1, fmt::format("a discount is {}", d));
  }

  static void append(const TimeStep& now, std::vector<Trace>& traces) {
    const std::size_t size = now.observation.size() / std::max<std::size_t>(traces.size(), 1);
    for (std::size_t b = 0; b < traces.size() && b < now.reward.size() && b < now.discount.size(); ++b) {
      const Real* observation = now.observation.data() + b * size;
      traces[b].insert(traces[b].end(), observation, observation + size);
      traces[b].insert(traces[b].end(), {now.reward[b], now.discount[b]});
      traces[b].push_back(b < now.target.size() ? static_cast<Real>(now.target[b]) : Real{-1});
    }
  }

  void check_repetition(Split split) {
    const auto episodes = world_.episodes();
    const std::vector<Trace> first = play(*episodes, keys(split));
    play(*episodes, keys(splits[0]));
    expect(play(*episodes, keys(split)) == first,
           fmt::format("an episode of the {} split is another the second time", rl::name(split)));
    expect(play(*world_.episodes(), keys(split)) == first,
           fmt::format("an episode of the {} split depends on the object that runs it", rl::name(split)));
  }

  /// Episodes in a batch run until the last of them ends, so that the trace of one alone may be shorter.
  void check_batches(Split split) {
    const auto episodes = world_.episodes();
    const std::vector<Trace> together = play(*episodes, keys(split));
    for (std::size_t b = 0; b < together.size(); ++b) {
      const Trace alone = play(*episodes, {keys(split)[b]}).front();
      expect(alone.size() <= together[b].size() && std::equal(alone.begin(), alone.end(), together[b].begin()),
             fmt::format("an episode of the {} split depends on its batch", rl::name(split)));
    }
  }

  void check_numbers() {
    for (const Split split : {Split::validation, Split::test}) {
      if (world_.size(split) == 0) continue;
      const auto episodes = world_.episodes();
      const std::vector<Trace> first = play(*episodes, keys(split, 7));
      const auto expect_same = [&](const std::vector<EpisodeKey>& other, const char* what) {
        expect(play(*episodes, other) == first,
               fmt::format("an episode of the {} split depends on its {}", rl::name(split), what));
      };
      expect_same(keys(split, 1'000'000), "number");
      expect_same(keys(split, 7, 1'000'000), "visit");
      expect_same(keys(split, 7, 0, 3), "seed");
    }
    if (world_.size(Split::train) == 0) return;
    const auto episodes = world_.episodes();
    expect(play(*episodes, keys(Split::train, 7, 5)) == play(*episodes, keys(Split::train, 1'000'000, 5)),
           "roll-outs of one visit show different episodes");
  }

  void check_bad_keys(Split split) {
    const auto episodes = world_.episodes();
    for (const std::uint64_t index : {std::uint64_t{world_.size(split)}, std::numeric_limits<std::uint64_t>::max()}) {
      const std::vector<EpisodeKey> keys{{split, 0, 0}, {split, index, 1}};
      expect_refusal([&] { episodes->reset(keys); },
                     fmt::format("index {} of the {} split of {}", index, rl::name(split), world_.size(split)));
    }
  }

  void check_bad_actions() {
    const std::vector<EpisodeKey> two{{Split::train, 0, 0}, {Split::train, 0, 1}};
    const auto count = static_cast<std::int32_t>(spec_.num_actions);
    const std::vector<std::vector<std::int32_t>> wrong{{0, count}, {-1, 0}, {}, {0}, {0, 0, 0}};
    for (const std::vector<std::int32_t>& actions : wrong) {
      const auto episodes = world_.episodes();
      episodes->reset(two);
      expect_refusal([&] { episodes->step(actions); }, fmt::format("[{}] as actions of 2 episodes of {} actions",
                                                                   fmt::join(actions, ", "), spec_.num_actions));
    }
  }

  void check_order_of_calls() {
    const auto episodes = world_.episodes();
    const std::vector<EpisodeKey> one{{Split::train, 0, 0}};
    expect_refusal([&] { episodes->step({}); }, "a step before reset");
    play(*episodes, one);
    expect_refusal([&] { episodes->step(actions(one, 0)); }, "a step after LAST");
    play(*episodes, one);
  }

  const rl::Environment& world_;
  const rl::EnvironmentSpec& spec_;
  Split split_ = Split::train;
  std::vector<bool> running_;
  std::set<std::string> faults_;
};

}  // namespace

std::vector<std::string> check_environment(const rl::Environment& world) { return EnvironmentCheck(world).run(); }

}  // namespace saccade::tests
