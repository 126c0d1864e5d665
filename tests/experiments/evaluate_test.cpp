#include "experiments/evaluate.hpp"

#include <array>
#include <cmath>

#include "agents/show_attend_tell/agent.hpp"
#include "core/errors.hpp"
#include "experiments/attention_statistics.hpp"
#include "tests/experiments/tiny.hpp"
#include "tests/support/caption_worlds.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/messages.hpp"
#include "tests/support/tensors.hpp"

using namespace saccade;
using namespace saccade::experiments;
using namespace saccade::tests;
using Catch::Matchers::WithinRel;

namespace {

/// An agent that has learned a little.
struct Trained : TinyTraining {
  explicit Trained(const Overrides& overrides = {})
      : TinyTraining(overrides, 3) {  // no later Workers have more threads than the first
    for (std::size_t i = 0; i < 12; ++i) trainer.step();
  }

  EvaluationResult run(const rl::EvaluationMode& mode, std::size_t chunk, std::size_t threads, std::uint64_t seed = 5) {
    parallel::Workers others(threads);
    return evaluate(*environment, *agent, rl::Split::test, mode, seed, chunk, others);
  }
};

/// A captioner that says odd things at some length, and the answers of a beam search.
struct Searched {
  explicit Searched(std::size_t width) : agent{config(), world.spec(), 1} {
    for (Real& x : agent.parameters().values().span()) x *= 6;
    for (std::uint64_t i = 0; i < count; ++i) lane.keys.insert(lane.keys.end(), width, {rl::Split::test, i, i});
    lane.search(policy, {width, *world.spec().end_action, 1, world.spec().max_steps});
  }

  static agents::ShowAttendTellConfig config() {
    agents::ShowAttendTellConfig small;
    small.embedding = small.hidden = small.attention_hidden = 6;
    return small;
  }

  static constexpr std::size_t count = 3;
  NoiseCaptions world;
  agents::ShowAttendTellAgent agent;
  rl::Policy policy{rl::Decision::mean, 1, random::Purpose("test")};
  Lane lane{world, agent};
};

/// The attention of an agent that is made to say words: of the n-th, and of the end if there was one.
std::vector<Tensor> attention_while_saying(Searched& searched, std::uint64_t index, const rl::Actions& words,
                                           std::size_t readings) {
  Lane lane(searched.world, searched.agent);
  const std::vector<rl::EpisodeKey> keys{{rl::Split::test, index, index}};
  const auto episodes = searched.world.episodes();
  lane.tape.begin(Tape::Mode::infer);
  lane.actor->begin(lane.tape, searched.policy, keys);
  const rl::TimeStep now = episodes->reset(keys);
  std::vector<Tensor> attention;
  for (std::size_t t = 0; t < readings; ++t) {
    lane.actor->act(now);
    attention.push_back(to_tensor(lane.actor->readings()[t].weights));
    if (t < words.size()) lane.actor->follow(std::array<std::int32_t, 1>{0}, std::span(words).subspan(t, 1));
  }
  return attention;
}

}  // namespace

TEST_CASE("threads change no evaluation, and chunks only its rounding", "[evaluate]") {
  Trained trained;
  for (const rl::EvaluationMode& mode : trained.agent->evaluation_modes({3})) {
    INFO(mode.name);
    const EvaluationResult expected = trained.run(mode, 64, 1);
    CHECK(expected.episodes == 64);
    for (const std::size_t threads : {1, 2, 3}) {
      for (const std::size_t chunk : {1, 10, 64, 1000}) {
        const EvaluationResult result = trained.run(mode, chunk, threads);
        CHECK(result.episodes == 64);
        CHECK(result.wrong == expected.wrong);
        CHECK_THAT(result.cross_entropy.value(), WithinRel(expected.cross_entropy.value(), 1e-5));
        CHECK(result.cross_entropy == trained.run(mode, chunk, 1).cross_entropy);
      }
    }
  }
}

TEST_CASE("samples depend on the seed, the mean does not", "[evaluate]") {
  Trained trained({"agent.first_location=learned"});
  const std::vector<rl::EvaluationMode> modes = trained.agent->evaluation_modes({3});
  REQUIRE(modes[0].decision == rl::Decision::mean);
  CHECK(trained.run(modes[0], 64, 1, 5).cross_entropy == trained.run(modes[0], 64, 1, 6).cross_entropy);
  CHECK(trained.run(modes[1], 64, 1, 5).cross_entropy != trained.run(modes[1], 64, 1, 6).cross_entropy);
}

TEST_CASE("probabilities are averaged over samples", "[evaluate]") {
  Trained trained;
  constexpr std::size_t samples = 3;
  Lane lane(*trained.environment, *trained.agent);
  for (std::size_t n = 0; n < 64 * samples; ++n) lane.keys.push_back({rl::Split::test, n / samples, n});
  lane.play(Tape::Mode::infer, {rl::Decision::sample, 5, random::Purpose("evaluate test")});
  const TensorView log_probs = lane.actor->action_log_probs();
  double cross_entropy = 0;
  for (std::size_t i = 0; i < 64; ++i) {
    const auto target = static_cast<std::size_t>(lane.last.target[samples * i]);
    double p = 0;
    for (std::size_t m = 0; m < samples; ++m) p += std::exp(double{log_probs(samples * i + m, target)}) / samples;
    cross_entropy -= std::log(p) / 64;
  }
  CHECK_THAT(trained.run(trained.agent->evaluation_modes({samples})[2], 64, 1).cross_entropy.value(),
             WithinRel(cross_entropy, 1e-5));
}

TEST_CASE("a batch that was prepared is the batch that would have been begun", "[evaluate]") {
  Trained trained;
  const auto keys_from = [](std::size_t first) {
    return std::vector<rl::EpisodeKey>{{rl::Split::train, first, first}, {rl::Split::train, first + 1, first + 1}};
  };
  const auto outcome_of = [](Lane& lane, const std::vector<rl::EpisodeKey>& keys) {
    lane.keys = keys;
    lane.play(Tape::Mode::infer, {rl::Decision::sample, 5, random::Purpose("train")});
    return to_tensor(lane.actor->action_log_probs());
  };
  Lane plain(*trained.environment, *trained.agent), prepared(*trained.environment, *trained.agent);
  const Tensor first = outcome_of(plain, keys_from(0)), second = outcome_of(plain, keys_from(7));
  prepared.upcoming = keys_from(0);
  prepared.prepare();
  prepared.use_prepared();
  CHECK((outcome_of(prepared, keys_from(0)) == first));
  prepared.upcoming = keys_from(7);
  prepared.prepare();
  prepared.use_prepared();
  CHECK((outcome_of(prepared, keys_from(0)) == first));  // other keys than prepared
  CHECK((outcome_of(prepared, keys_from(7)) == second));
}

TEST_CASE("where there is no right action an episode is wrong that was not rewarded", "[evaluate]") {
  TinyTraining tiny(tiny_catch, 3);
  for (const rl::EvaluationMode& mode : tiny.agent->evaluation_modes({3})) {
    Lane lane(*tiny.environment, *tiny.agent);
    for (std::size_t i = 0; i < 64; ++i) lane.keys.push_back({rl::Split::test, i, i});
    std::size_t shown = 0;
    lane.play(Tape::Mode::infer, {mode.decision, 5, random::Purpose("evaluate test")},
              [&](const rl::TimeStep& now) { shown += now.observation.dim(0); });
    CHECK(shown == 6 * 64);
    std::size_t missed = 0;
    for (std::size_t i = 0; i < 64; ++i) {
      CHECK(lane.rewards[i] == static_cast<double>(lane.last.reward[i]));
      missed += lane.rewards[i] == 0 ? 1 : 0;
    }
    CHECK((missed > 0 && missed < 64));
    for (const std::size_t chunk : {7, 100}) {
      parallel::Workers workers(chunk == 7 ? 3 : 1);
      const EvaluationResult result =
          evaluate(*tiny.environment, *tiny.agent, rl::Split::test, mode, 5, chunk, workers);
      CHECK(result.wrong == missed);
      CHECK_FALSE(result.cross_entropy.has_value());
    }
  }
}

TEST_CASE("samples of a game are not averaged", "[evaluate]") {
  TinyTraining tiny(tiny_catch);
  const rl::EvaluationMode averaged{"3 samples averaged", rl::Decision::sample, 3};
  const auto evaluate_it = [&] {
    static_cast<void>(evaluate(*tiny.environment, *tiny.agent, rl::Split::test, averaged, 5, 64, tiny.workers));
  };
  CHECK(has(message_of<ArgumentError>(evaluate_it), "catch names no right action"));
}

TEST_CASE("a beam of one reads what greedy decoding reads", "[evaluate]") {
  Searched searched(1);
  parallel::Workers workers(1);
  const EvaluationResult greedy =
      evaluate(searched.world, searched.agent, rl::Split::test, {"greedy", rl::Decision::mean}, 1, 8, workers);
  AttentionSums sums;
  for (std::size_t i = 0; i < Searched::count; ++i) {
    CHECK(searched.lane.actions[i] == greedy.actions[i]);
    sums += attention_sums(searched.lane.actor->readings(), searched.lane.rows[i], searched.lane.actions[i], nullptr,
                           rl::Split::test, i);
  }
  const std::vector<double> entropy = entropy_by_step(sums);
  REQUIRE(entropy.size() == greedy.entropy_by_step.size());
  for (std::size_t t = 0; t < entropy.size(); ++t) CHECK(entropy[t] == Approx(greedy.entropy_by_step[t]));
}

TEST_CASE("the attention of a beam's answer is that of saying it", "[evaluate]") {
  Searched searched(4);
  std::size_t moved = 0;
  for (std::size_t i = 0; i < Searched::count; ++i) {
    const std::vector<std::size_t>& rows = searched.lane.rows[i];
    const auto expected = attention_while_saying(searched, i, searched.lane.actions[i], rows.size());
    for (std::size_t t = 0; t < rows.size(); ++t) {
      const TensorView weights = searched.lane.actor->readings()[t].weights.rows(rows[t], 1);
      for (std::size_t l = 0; l < weights.size(); ++l) CHECK(weights[l] == Approx(expected[t].flat(l)).epsilon(1e-4));
      moved += t > 0 && rows[t] != rows[t - 1] ? 1 : 0;
    }
  }
  CHECK(moved > 0);
}
