#include "core/errors.hpp"
#include "experiments/run.hpp"
#include "experiments/trainer.hpp"
#include "tests/experiments/decoded.hpp"
#include "tests/experiments/tiny.hpp"
#include "tests/support/allocations.hpp"
#include "tests/support/catch.hpp"

using namespace saccade;
using namespace saccade::experiments;
using namespace saccade::tests;

namespace {

const std::string tiny_captioner_toml = R"(
[environment]
kind = "digit_scenes"
side = 24
train = 64
validation = 12
test = 12
digits_max = 3
train_digits_min = 1
[agent]
kind = "show_attend_tell"
attention = "hard"
rollouts = 2
expected_share = 0.5
entropy_coefficient = 0.01
dropout = 0.5
embedding = 6
hidden = 8
attention_hidden = 6
encoder.kind = "convolutional"
encoder.filters = [4, 4, 4]
encoder.strides = [2, 2, 2]
[trainer]
epochs = 3
batch = 16
shard = 8
[evaluation]
beam = 2
)";

/// Hard attention to scenes of one to three digits, so to captions of several lengths, with all that is drawn in
/// training.
Experiment tiny_captioner(const Overrides& overrides = {}) {
  const TempFolder folder;
  ConfigTree tree = ConfigTree::load(folder.write("tiny.toml", tiny_captioner_toml));
  for (const std::string& setting : overrides) tree.set(setting);
  return Experiment(tree);
}

void run(Experiment experiment, RunDirectory folder, std::size_t threads, std::size_t epochs = 3) {
  std::size_t seen = 0;
  RunCallbacks callbacks;
  callbacks.on_progress = [&](const Progress& progress) {
    if (progress.validation) seen = progress.epoch;
  };
  callbacks.stop = [&] { return epochs < 3 && seen >= epochs; };
  run_experiment(experiment, folder, {"a test", threads, {}}, callbacks);
}

}  // namespace

TEST_CASE("a captioner's training step makes no heap allocation once it has seen captions of all lengths",
          "[trainer]") {
  const auto allocations_of_steps = [](const Overrides& overrides) {
    Overrides all{"environment.train=1024"};  // more than the steps below: a new epoch allocates its order
    all.insert(all.end(), overrides.begin(), overrides.end());
    const Experiment experiment = tiny_captioner(all);
    parallel::Workers workers(1);
    const auto world = experiment.make_environment({{}, &workers});
    const auto agent = experiment.make_agent(world->spec());
    Trainer trainer(experiment, *world, *agent, workers);
    for (std::size_t i = 0; i < 40; ++i) trainer.step();
    const std::size_t before = allocations();
    for (std::size_t i = 0; i < 8; ++i) trainer.step();
    return allocations() - before;
  };
  CHECK(allocations_of_steps({}) == 0);
  CHECK(allocations_of_steps({"agent.baseline=self_critical"}) == 0);
  CHECK(allocations_of_steps({"agent.baseline=leave_one_out", "agent.reward=word"}) == 0);
  CHECK(allocations_of_steps({"agent.attention=soft"}) == 0);
  CHECK(allocations_of_steps({"agent.attention=marginal"}) == 0);
}

TEST_CASE("a captioner's run is the same on any number of threads, stopped and resumed or not", "[run]") {
  const TempFolder folder;
  run(tiny_captioner(), RunDirectory::create(folder / "one"), 1);
  CHECK_THROWS_AS(run(tiny_captioner(), RunDirectory::create(folder / "cut"), 3, 1), Interrupted);
  run(tiny_captioner(), RunDirectory::open(folder / "cut"), 2);
  CHECK(bytes_of(folder, "cut") == bytes_of(folder, "one"));
  for (const char* file : {"/evaluation.json", "/predictions.jsonl", "/actions.txt"}) {
    INFO(file);
    CHECK(folder.read(std::string("cut") + file) == folder.read(std::string("one") + file));
  }
}

TEST_CASE("a trained captioner can be tested with another beam", "[run]") {
  const TempFolder folder;
  run(tiny_captioner(), RunDirectory::create(folder / "one"), 1);
  const RunDirectory trained = RunDirectory::open(folder / "one");
  const auto modes = [&](const OtherEffort& other) {
    std::vector<std::string> names;
    for (const ModeResult& result : evaluate_run(trained, {"", 1, {}}, {rl::Split::test}, other)) {
      if (result.mode.ends_with("drawn context")) names.push_back(result.mode);
    }
    return names;
  };
  const std::string greedy = "greedy, drawn context";
  CHECK(modes({}) == std::vector<std::string>{greedy, "beam of 2, drawn context"});
  CHECK(modes({{}, 3, 0.5}) == std::vector<std::string>{greedy, "beam of 3 with length power 0.5, drawn context"});
  CHECK(modes({{}, 1}) == std::vector<std::string>{greedy});
}

TEST_CASE("a captioner that a beam has chosen can be tested without one", "[run]") {
  const TempFolder folder;
  run(tiny_captioner({"trainer.validation=beam"}), RunDirectory::create(folder / "one"), 1);
  const RunDirectory trained = RunDirectory::open(folder / "one");
  CHECK(evaluate_run(trained, {"", 1, {}}, {rl::Split::test}).front().mode == "beam of 2, drawn context");
  CHECK(evaluate_run(trained, {"", 1, {}}, {rl::Split::test}, {{}, 1}).front().mode == "greedy, drawn context");
}

TEST_CASE("a caption is shown the same with others beside it, greedy or searched for", "[run]") {
  const TempFolder folder;
  run(tiny_captioner(), RunDirectory::create(folder / "one"), 1);
  const RunDirectory trained = RunDirectory::open(folder / "one");
  const auto picture = [&](std::size_t first, std::size_t count, std::size_t beam) {
    return Decoded{show_run(trained, {"", 1, {}}, {rl::Split::test, first, count, rl::Decision::mean, beam})};
  };
  constexpr int top = 88, panel = 224;  // dots
  for (const std::size_t beam : {1U, 3U}) {
    const Decoded both = picture(0, 2, beam), second = picture(1, 1, beam);
    const int below = both.height() - second.height();
    REQUIRE(below > panel);
    bool same = true, blank = true;
    for (int y = top; y < second.height(); ++y) {
      for (int x = 0; x < std::min(second.width(), both.width()); ++x) {
        same = same && second.pixel(x, y) == both.pixel(x, y + below);
        blank = blank && second.pixel(x, y) == second.pixel(0, 0);
      }
    }
    CHECK(same);
    CHECK_FALSE(blank);
  }
}
