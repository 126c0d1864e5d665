// The numbers come from tests/reference/ram.py, which writes the model a second time in PyTorch. In float they differ
// by its rounding, and nothing could be told from that.
#ifdef SACCADE_REAL_DOUBLE

#include <array>
#include <cmath>

#include "agents/ram/actor.hpp"
#include "agents/ram/agent.hpp"
#include "core/optim/optimiser.hpp"
#include "envs/images.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/reference.hpp"
#include "tests/support/tensors.hpp"

namespace saccade::agents {
namespace {

using namespace tests;

constexpr double tolerance = 1e-10;

const Json& reference(const std::string& core) {
  static const Json all = read_reference("ram.json");
  return all.at(core);
}

RamConfig config_of(const Json& from) {
  RamConfig config;
  config.glimpses = from.at("glimpses");
  config.glimpse_size = from.at("size");
  config.glimpse_scales = from.at("scales");
  config.core = from.at("core");
  config.hidden = from.at("hidden");
  config.what_hidden = from.at("what_hidden");
  config.where_hidden = from.at("where_hidden");
  config.glimpse_features = from.at("features");
  config.first_location = from.at("first_location");
  config.location_std = from.at("std");
  config.location_mean = from.at("location_mean");
  config.policy_coefficient = from.at("policy_coefficient");
  config.baseline_coefficient = from.at("baseline_coefficient");
  config.policy_gradient_into_core = from.at("policy_gradient_into_core");
  return config;
}

envs::ImageRecognition world_of(const Json& from) {
  const auto& shape = from.at("config").at("shape");
  const envs::ImageSet all{from.at("pixels"), from.at("labels")};
  return {"reference", {{shape[0], shape[1], shape[2]}, from.at("config").at("classes"), all, all, all}};
}

/// The agent of the reference, with its parameters, and the batch that it learns.
class Replica {
 public:
  explicit Replica(const Json& from)
      : world_{world_of(from)},
        agent_{config_of(from.at("config")), world_.spec(), 1},
        tape_{agent_.parameters()},
        seed_{from.at("config").at("seed")} {
    load(agent_.parameters(), from.at("parameters"));
  }

  /// The losses of one training step: classification, policy, baseline, total. The gradients are on the tape.
  std::array<double, 4> losses(std::size_t step) {
    const std::size_t batch = world_.size(rl::Split::train);
    std::vector<rl::EpisodeKey> keys;
    for (std::size_t b = 0; b < batch; ++b) keys.push_back({rl::Split::train, b, step * batch + b});
    tape_.begin(Tape::Mode::record);
    actor_->begin(tape_, {rl::Decision::sample, seed_, random::Purpose("train")}, keys);
    const rl::TimeStep first = episodes_->reset(keys);
    actor_->observe(episodes_->step(actor_->act(first)));
    tape_.backward(actor_->loss(batch));
    std::vector<double> sums(agent_.metric_count());
    actor_->add_metrics(sums);
    for (double& sum : sums) sum /= static_cast<double>(batch);
    return {sums[RamSums::action], sums[RamSums::policy], sums[RamSums::baseline], sums[RamSums::loss]};
  }

  ParameterStore& store() { return agent_.parameters(); }
  TensorView gradients() const { return tape_.gradients(); }

 private:
  envs::ImageRecognition world_;
  RamAgent agent_;
  Tape tape_;
  std::uint64_t seed_;
  std::unique_ptr<rl::Actor> actor_ = agent_.actor();
  std::unique_ptr<rl::Episodes> episodes_ = world_.episodes();
};

optim::OptimiserConfig optimiser_config(const std::string& kind) {
  optim::OptimiserConfig config;
  config.kind = kind;
  return config;
}

TEST_CASE("losses and gradients of the recurrent attention model are PyTorch's", "[ram][reference]") {
  for (const std::string core : {"rnn", "lstm"}) {
    CAPTURE(core);
    const Json& expected = reference(core);
    Replica replica(expected);
    const std::array<double, 4> losses = replica.losses(0);
    for (std::size_t i = 0; i < losses.size(); ++i) {
      CHECK(std::abs(losses[i] - expected.at("losses")[i].get<double>()) < tolerance);
    }
    CHECK(distance(replica.store(), replica.gradients(), expected.at("gradients")) < tolerance);
  }
}

void check_ten_steps(const std::string& core, const std::string& kind, double rate) {
  CAPTURE(core, kind);
  const Json& expected = reference(core).at("optimisers").at(kind);
  Replica replica(reference(core));
  parallel::Workers workers(1);
  const auto optimiser = optim::make_optimiser(optimiser_config(kind), replica.store().values().size());
  for (std::size_t step = 0; step < 10; ++step) {
    CHECK(std::abs(replica.losses(step)[3] - expected.at("losses")[step].get<double>()) < tolerance);
    optimiser->step(workers, replica.store().values(), replica.gradients(), rate);
  }
  CHECK(distance(replica.store(), replica.store().values(), expected.at("parameters")) < tolerance);
}

TEST_CASE("ten training steps of the recurrent attention model are PyTorch's", "[ram][reference]") {
  for (const std::string core : {"rnn", "lstm"}) {
    check_ten_steps(core, "adam", 0.01);
    check_ten_steps(core, "sgd", 0.01);
    check_ten_steps(core, "rmsprop", 0.001);
  }
}

}  // namespace
}  // namespace saccade::agents

#endif
