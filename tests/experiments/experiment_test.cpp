#include "experiments/experiment.hpp"

#include "core/errors.hpp"
#include "core/io/file.hpp"
#include "tests/experiments/tiny.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/messages.hpp"

using namespace saccade;
using namespace saccade::experiments;
using namespace saccade::tests;

TEST_CASE("a base, its differences and overrides resolve in that order", "[experiment]") {
  const TempFolder folder;
  folder.write("base.toml", "seed = 3\n[trainer]\nepochs = 7\nbatch = 32\npatience = 1");
  const auto path = folder.write("top.toml", "base = \"base.toml\"\n[trainer]\nepochs = 8\nbatch = 33");
  ConfigTree tree = ConfigTree::load(path);
  tree.set("trainer.batch=34");
  const Experiment experiment(tree);
  CHECK(experiment.seed() == 3);
  CHECK(experiment.trainer().patience == 1);
  CHECK(experiment.trainer().epochs == 8);
  CHECK(experiment.trainer().batch == 34);
  CHECK(Experiment(tree, 9).seed() == 9);
}

TEST_CASE("a resolved configuration read back is the same", "[experiment]") {
  const TempFolder folder;
  for (const char* kind : {"ram", "fully_connected"}) {
    ConfigTree tree;
    tree.set(std::string("agent.kind=") + kind);
    tree.set("trainer.schedule.rate=0.1");
    tree.set("why=a \"quoted\" reason");
    const std::string text = Experiment(tree, 12345678901).to_toml();
    CHECK(Experiment(ConfigTree::load(folder.write("resolved.toml", text))).to_toml() == text);
    CHECK(has(text, "seed = 12345678901"));
  }
}

TEST_CASE("seeds that the streams of worlds could not tell apart are refused", "[experiment]") {
  constexpr std::uint64_t limit = 1ULL << 48U;
  CHECK(Experiment(ConfigTree{}, limit - 1).seed() == limit - 1);
  const auto over = [&] { static_cast<void>(Experiment(ConfigTree{}, limit)); };
  CHECK(message_of<ConfigError>(over) == "seed: must be below 2^48 = 281474976710656, got 281474976710656");
}

TEST_CASE("what a configuration may hold depends on the kinds in it", "[experiment]") {
  const auto error = [](const Overrides& overrides) {
    return message_of<ConfigError>([&] { static_cast<void>(tiny_experiment(overrides)); });
  };
  CHECK(has(error({"agent.kind=rma"}), "did you mean ram?"));
  CHECK(has(error({"agent.glimses=3"}), "did you mean agent.glimpses?"));
  CHECK(has(error({"trainer.batch=0"}), "trainer.batch must be in [1, 1000000], got 0"));
  CHECK(has(error({"agent.kind=fully_connected"}),
            " is unknown to agent.kind = \"fully_connected\" (--set agent.kind=fully_connected)"));
  CHECK(has(error({"environment.kind=mnist"}), "is unknown"));
  CHECK(has(error({"precision=float16"}), "precision must be one of float32, bfloat16, bfloat16_emulated"));
}

TEST_CASE("an experiment knows which of its settings do nothing", "[experiment]") {
  const auto is_idle = [](const std::string& attention, const std::string& key) {
    ConfigTree tree;
    tree.set("environment.kind=digit_scenes");
    tree.set("agent.kind=show_attend_tell");
    tree.set("agent.attention=" + attention);
    const std::vector<std::string> idle = Experiment(tree).idle_keys();
    return std::find(idle.begin(), idle.end(), key) != idle.end();
  };
  CHECK(is_idle("mean", "agent.attention_hidden"));
  CHECK_FALSE(is_idle("soft", "agent.attention_hidden"));
  CHECK(is_idle("soft", "agent.baseline"));
  CHECK_FALSE(is_idle("hard", "agent.baseline"));
  CHECK(is_idle("hard", "trainer.optimiser.decay"));
}

TEST_CASE("an experiment in bfloat16 can be read anywhere and run where there are such products", "[experiment]") {
  const Experiment experiment = tiny_experiment({"precision=bfloat16"});
  CHECK(experiment.precision() == Precision::bfloat16);
  CHECK_NOTHROW(experiment.check_support({true, {true, true}}));
  CHECK(message_of<ConfigError>([&] {
          experiment.check_support({true, {true, false}});
        }) == "precision: " + reason_against(Precision::bfloat16, {true, {true, false}}));
  CHECK_NOTHROW(tiny_experiment({"precision=bfloat16_emulated"}).check_support({}));
  CHECK(tiny_experiment().precision() == Precision::float32);
}

TEST_CASE("configurations are found by name and by path", "[experiment]") {
  CHECK(find_config("quickstart").filename() == "quickstart.toml");
  CHECK(find_config("mnih2014/ram-6.toml").filename() == "ram-6.toml");
  const TempFolder folder;
  CHECK(find_config(folder.write("mine.toml", "").string()) == folder / "mine.toml");
  CHECK(has(message_of<IoError>([&] { static_cast<void>(find_config(folder.path().string())); }), "no such config"));
}

TEST_CASE("the configuration that CONTRIBUTING.md shows works beside its base", "[experiment]") {
  const std::filesystem::path source(SACCADE_SOURCE_DIR);
  const std::string text = io::read_file(source / "CONTRIBUTING.md");
  const std::string opening = "```toml\n";
  const std::size_t begin = text.find(opening);
  REQUIRE(begin != std::string::npos);
  const std::string block = text.substr(begin + opening.size(), text.find("```", begin + 3) - begin - opening.size());
  const TempFolder folder;
  folder.write("quickstart.toml", io::read_file(source / "experiments/quickstart.toml"));
  Experiment experiment(ConfigTree::load(folder.write("three-glimpses.toml", block)));
  CHECK(experiment.why() == "Are three glimpses enough?");
  CHECK(has(experiment.to_toml(), "\nglimpses = 3\n"));
  CHECK(experiment.trainer().epochs == 10);
}
