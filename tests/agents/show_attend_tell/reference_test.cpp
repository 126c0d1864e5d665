// The numbers come from tests/reference/show_attend_tell.py, which writes the model a second time in PyTorch. In float
// they differ by its rounding, and nothing could be told from that.
#ifdef SACCADE_REAL_DOUBLE

#include "tests/support/reference.hpp"

#include <cmath>
#include <map>

#include "agents/show_attend_tell/actor.hpp"
#include "agents/show_attend_tell/agent.hpp"
#include "core/optim/optimiser.hpp"
#include "envs/captions/caption_world.hpp"
#include "tests/support/catch.hpp"

namespace saccade::agents {
namespace {

using namespace tests;
using envs::captions::CaptionWorld;
using envs::captions::Vocabulary;

constexpr double tolerance = 1e-10;

const Json& reference() {
  static const Json all = read_reference("show_attend_tell.json");
  return all;
}

ShowAttendTellConfig config_of(const Json& from) {
  ShowAttendTellConfig config;
  config.attention = from.at("attention");
  config.encoder_filters = from.at("filters").get<std::vector<std::int64_t>>();
  config.encoder_strides = from.at("strides").get<std::vector<std::int64_t>>();
  config.encoder_gain = from.at("gain");
  config.encoder = config.encoder_filters.empty() ? "none" : "convolutional";
  config.embedding = from.at("embedding");
  config.hidden = from.at("hidden");
  config.attention_hidden = from.at("attention_hidden");
  config.gate = from.at("gate");
  config.dropout = from.at("dropout");
  config.doubly_stochastic_coefficient = from.at("doubly_stochastic_coefficient");
  config.policy_coefficient = from.at("policy_coefficient");
  config.entropy_coefficient = from.at("entropy_coefficient");
  config.expected_share = from.at("expected_share");
  config.reward = from.at("reward");
  config.baseline = from.at("baseline");
  config.rollouts = from.at("rollouts");
  return config;
}

/// The reference may say every word.
rl::EnvironmentSpec unmasked(rl::EnvironmentSpec world) {
  world.masked_actions.clear();
  return world;
}

/// The images and captions of the reference.
class ReferenceCaptions final : public CaptionWorld {
 public:
  explicit ReferenceCaptions(const Json& from)
      : CaptionWorld("reference", {shape_of(from), -1, 1}, vocabulary_of(reference().at("words")),
                     reference().at("most_words")),
        images_{from.at("images").get<std::vector<double>>()},
        captions_{reference().at("captions").get<std::vector<std::vector<std::int32_t>>>()} {}

  [[nodiscard]] std::size_t size(rl::Split) const override { return captions_.size(); }
  void show(const rl::EpisodeKey& key, std::span<Real> observation, std::vector<std::int32_t>& words) const override {
    const auto first = static_cast<std::ptrdiff_t>(key.index * observation.size());
    std::copy_n(images_.begin() + first, observation.size(), observation.begin());
    words.clear();
    if (key.split != rl::Split::train) return;
    words = captions_[key.index];
    words.push_back(static_cast<std::int32_t>(Vocabulary::end));
  }

 private:
  static Shape shape_of(const Json& from) {
    const auto extents = from.at("shape").get<std::vector<std::size_t>>();
    return Shape(std::span<const std::size_t>(extents));
  }
  static Vocabulary vocabulary_of(std::size_t words) {
    envs::captions::CaptionedImage image;
    for (std::size_t i = Vocabulary::first_word; i < words; ++i) image.captions.push_back({std::string(i, 'a')});
    return Vocabulary::of(std::span(&image, 1));
  }

  std::vector<double> images_;
  std::vector<std::vector<std::int32_t>> captions_;
};

/// The agent of a case, with its parameters, and the batch that it learns.
class Replica {
 public:
  explicit Replica(const Json& from)
      : world_{world_of(from)},
        agent_{config_of(from.at("config")), unmasked(world_.spec()), 1},
        tape_{agent_.parameters()},
        seed_{from.at("config").at("seed")} {
    load(agent_.parameters(), reference().at("worlds").at(world_name(from)).at("parameters"));
    *agent_.state().front().value = from.at("config").at("moving_average");
  }

  /// What one training step adds up for the log. The gradients are on the tape.
  std::vector<double> sums(std::size_t step) {
    tape_.begin(Tape::Mode::record);
    play(keys_of(rl::Split::train, step), {rl::Decision::sample, seed_, random::Purpose("train")});
    tape_.backward(actor_->loss(batch()));
    std::vector<double> sums(agent_.metric_count());
    actor_->add_metrics(sums);
    return sums;
  }

  /// The greatest difference of the log-probabilities of greedy captions, as far as they go.
  double distance_of_told(rl::Decision decision, const Json& expected) {
    tape_.begin(Tape::Mode::infer);
    std::vector<double> told;
    play(keys_of(rl::Split::test, 0), {decision, seed_, random::Purpose("train")}, &told);
    REQUIRE(told.size() <= expected.size());
    Farthest farthest;
    for (std::size_t i = 0; i < told.size(); ++i) {
      farthest.add(told[i] - expected[i].get<double>());
    }
    return farthest.distance();
  }

  [[nodiscard]] std::size_t batch() const { return world_.size(rl::Split::train) * agent_.rollouts(); }
  ShowAttendTellAgent& agent() { return agent_; }
  ParameterStore& store() { return agent_.parameters(); }
  TensorView gradients() const { return tape_.gradients(); }

 private:
  static std::string world_name(const Json& from) { return from.at("config").at("world"); }
  static ReferenceCaptions world_of(const Json& from) {
    return ReferenceCaptions(reference().at("worlds").at(world_name(from)));
  }

  [[nodiscard]] std::vector<rl::EpisodeKey> keys_of(rl::Split split, std::size_t step) const {
    const std::size_t rollouts = split == rl::Split::train ? agent_.rollouts() : 1;
    std::vector<rl::EpisodeKey> keys;
    for (std::size_t b = 0; b < world_.size(split) * rollouts; ++b) {
      keys.push_back({split, b / rollouts, step * batch() + b});
    }
    return keys;
  }

  void play(const std::vector<rl::EpisodeKey>& keys, const rl::Policy& policy, std::vector<double>* told = nullptr) {
    actor_->begin(tape_, policy, keys);
    rl::TimeStep now = episodes_->reset(keys);
    while (now.kind != rl::StepKind::last) {
      now = episodes_->step(actor_->act(now));
      actor_->observe(now);
      if (told == nullptr) continue;
      for (const Real log_prob : actor_->action_log_probs()) told->push_back(log_prob);
    }
  }

  ReferenceCaptions world_;
  ShowAttendTellAgent agent_;
  Tape tape_;
  std::uint64_t seed_;
  std::unique_ptr<rl::Actor> actor_ = agent_.actor();
  std::unique_ptr<rl::Episodes> episodes_ = world_.episodes();
};

const std::map<std::string, CaptionSums::Index> indices{{"loss", CaptionSums::loss},
                                                        {"log_prob", CaptionSums::log_prob},
                                                        {"words", CaptionSums::words},
                                                        {"wrong", CaptionSums::wrong},
                                                        {"entropy", CaptionSums::entropy},
                                                        {"penalty", CaptionSums::penalty},
                                                        {"policy", CaptionSums::policy},
                                                        {"reward", CaptionSums::reward},
                                                        {"advantage", CaptionSums::advantage},
                                                        {"advantage_square", CaptionSums::advantage_square},
                                                        {"score_gradient_square", CaptionSums::score_gradient_square},
                                                        {"decisions", CaptionSums::decisions}};

const std::map<std::string, rl::Decision> decisions{
    {"mean", rl::Decision::mean}, {"mode", rl::Decision::mode}, {"sample", rl::Decision::sample}};

TEST_CASE("losses and gradients of the captioner are PyTorch's", "[captions][reference]") {
  for (const auto& [name, expected] : reference().at("cases").items()) {
    CAPTURE(name);
    Replica replica(expected);
    const std::vector<double> sums = replica.sums(0);
    for (const auto& [sum, wanted] : expected.at("sums").items()) {
      CAPTURE(sum);
      CHECK(std::abs(sums[indices.at(sum)] - wanted.get<double>()) < tolerance);
    }
    CHECK(distance(replica.store(), replica.gradients(), expected.at("gradients")) < tolerance);
  }
}

TEST_CASE("what the captioner tells is PyTorch's", "[captions][reference]") {
  for (const auto& [name, expected] : reference().at("cases").items()) {
    Replica replica(expected);
    for (const auto& [decision, log_probs] : expected.at("told").items()) {
      CAPTURE(name, decision);
      CHECK(replica.distance_of_told(decisions.at(decision), log_probs) < tolerance);
    }
  }
}

TEST_CASE("ten training steps of the captioner are PyTorch's", "[captions][reference]") {
  for (const std::string name : {"soft", "hard"}) {
    CAPTURE(name);
    const Json& from = reference().at("cases").at(name);
    const Json& expected = from.at("adam");
    Replica replica(from);
    parallel::Workers workers(1);
    const auto adam = optim::make_optimiser({}, replica.store().values().size());
    for (std::size_t step = 0; step < 10; ++step) {
      const std::vector<double> sums = replica.sums(step);
      CHECK(std::abs(sums[CaptionSums::loss] - expected.at("losses")[step].get<double>()) < tolerance);
      adam->step(workers, replica.store().values(), replica.gradients(), expected.at("rate"));
      replica.agent().after_step(sums, replica.batch());
    }
    CHECK(distance(replica.store(), replica.store().values(), expected.at("parameters")) < tolerance);
    CHECK(std::abs(replica.agent().moving_average() - expected.at("moving_average").get<double>()) < tolerance);
  }
}

}  // namespace
}  // namespace saccade::agents

#endif
