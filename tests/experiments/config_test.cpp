#include "experiments/config.hpp"

#include <limits>
#include <string>

#include "core/errors.hpp"
#include "experiments/experiment.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/messages.hpp"
#include "tests/support/temp_folder.hpp"

using saccade::ConfigError;
using saccade::experiments::apply;
using saccade::experiments::ConfigTree;
using saccade::experiments::to_toml;
using saccade::tests::has;
using saccade::tests::message_of;
using saccade::tests::TempFolder;
namespace config = saccade::config;

namespace {

struct Settings {
  std::int64_t seed = 1;
  std::string kind = "ram";
  std::size_t glimpses = 6;
  double location_std = 0.1;
  std::string locations = "learned";
  bool learned_start = false;
  std::vector<double> scales{1, 2};
  std::vector<std::int64_t> units{128};
  std::size_t size = 8;

  config::Fields describe() {
    config::Fields root;
    root.add("seed", &seed, "seed of everything random");
    config::Fields& agent = root.group("agent");
    agent.add("kind", &kind, "which agent");
    agent.add("glimpses", &glimpses, "number of glimpses T", config::range(1, 64));
    agent.add("location_std", &location_std, "spread of the locations", config::above(0).up_to(2))
        .only_with("locations", {"learned", "random"});
    agent.add("locations", &locations, "where to look", config::one_of({"learned", "random", "centre"}));
    agent.add("learned_start", &learned_start, "learn the first location");
    agent.add("scales", &scales, "scales of the retina");
    agent.add("units", &units, "units of each layer");
    agent.group("glimpse").add("size", &size, "side of the smallest patch in pixels", config::at_least(1));
    return root;
  }

  void fill(const ConfigTree& tree) {
    config::Fields fields = describe();
    apply(tree, fields);
  }

  bool operator==(const Settings&) const = default;
};

/// The message for a file with this text, without the folder.
std::string file_error(const std::string& text) {
  const TempFolder folder;
  const auto path = folder.write("ram.toml", text);
  std::string message = message_of<ConfigError>([&] { Settings().fill(ConfigTree::load(path)); });
  const std::string prefix = folder.path().string() + "/";
  return message.starts_with(prefix) ? message.substr(prefix.size()) : message;
}

std::string set_error(const std::string& assignment) {
  return message_of<ConfigError>([&] {
    ConfigTree tree;
    tree.set(assignment);
    Settings().fill(tree);
  });
}

Settings with_override(const std::string& assignment) {
  ConfigTree tree;
  tree.set(assignment);
  Settings settings;
  settings.fill(tree);
  return settings;
}

}  // namespace

TEST_CASE("a file fills the settings and leaves the rest", "[config]") {
  const TempFolder folder;
  const auto path = folder.write("ram.toml", R"(
seed = 7
[agent]
glimpses = 8
location_std = 1
locations = "random"
learned_start = true
scales = [1, 1.5]
units = [256, 256]
glimpse.size = 12
)");
  Settings settings;
  settings.fill(ConfigTree::load(path));
  Settings expected{.seed = 7,
                    .kind = "ram",
                    .glimpses = 8,
                    .location_std = 1,
                    .locations = "random",
                    .learned_start = true,
                    .scales = {1, 1.5},
                    .units = {256, 256},
                    .size = 12};
  CHECK(settings == expected);
}

TEST_CASE("an unknown key is refused and the nearest named", "[config]") {
  CHECK(file_error("[agent]\n\nlocaton_std = 0.1") ==
        "ram.toml:3: agent.locaton_std is unknown; did you mean agent.location_std?");
  CHECK(file_error("[agnt]\nglimpses = 3") == "ram.toml:1: agnt is unknown; did you mean agent?");
  CHECK(file_error("[agent.glimpse]\nsiez = 3") ==
        "ram.toml:2: agent.glimpse.siez is unknown; did you mean agent.glimpse.size?");
  CHECK(file_error("[agent]\nsize = 3") == "ram.toml:2: agent.size is unknown; did you mean agent.glimpse.size?");
  CHECK(file_error("momentum = 0.9") == "ram.toml:1: momentum is unknown");
  CHECK(file_error("[momentum]") == "ram.toml:1: momentum is unknown");
  CHECK(file_error("agent.glimpses.count = 3") == "ram.toml:1: agent.glimpses must be a whole number, got a table");
}

TEST_CASE("a key with a dot in quotes does not pass for a section", "[config]") {
  CHECK(has(file_error("\"agent.glimpses\" = 3"), "ram.toml:1: the key \"agent.glimpses\" is unknown"));
}

TEST_CASE("wrong types are refused", "[config]") {
  CHECK(file_error("[agent]\nglimpses = \"six\"") == "ram.toml:2: agent.glimpses must be a whole number, got \"six\"");
  CHECK(file_error("[agent]\nglimpses = 6.0") == "ram.toml:2: agent.glimpses must be a whole number, got 6.0");
  CHECK(file_error("agent = 3") == "ram.toml:1: agent must be a table, got 3");
  CHECK(file_error("[agent.kind]") == "ram.toml:1: agent.kind must be a string, got a table");
  CHECK(file_error("seed = 1979-05-27") == "ram.toml:1: seed must be made of numbers, strings, true and false");
  CHECK(file_error("[[agent]]\nkind = \"ram\"") ==
        "ram.toml:1: agent must be made of numbers, strings, true and false");
}

TEST_CASE("values outside the limits are refused", "[config]") {
  CHECK(file_error("[agent]\nlocation_std = -1") == "ram.toml:2: agent.location_std must be in (0, 2], got -1");
  CHECK(file_error("[agent]\nlocation_std = nan") == "ram.toml:2: agent.location_std must be in (0, 2], got nan");
  CHECK(file_error("[agent]\nlocations = \"center\"") ==
        "ram.toml:2: agent.locations must be one of learned, random, centre; did you mean centre?");
}

TEST_CASE("a syntax error names file and line", "[config]") {
  CHECK(file_error("seed = 1\nseed 2\n").starts_with("ram.toml:2: "));
  CHECK(file_error("seed = 1\nseed = 2\n").starts_with("ram.toml:2: "));
  CHECK(file_error("[agent\n").starts_with("ram.toml:1: "));
  CHECK(file_error("seed = 99999999999999999999\n").starts_with("ram.toml:1: "));
  CHECK(file_error("kind = \"\xff\"\n").starts_with("ram.toml:1: "));
}

TEST_CASE("a missing file is an error of reading", "[config]") {
  CHECK(has(message_of<saccade::IoError>([] { ConfigTree::load("/nowhere/ram.toml"); }),
            "/nowhere/ram.toml: cannot open"));
}

TEST_CASE("a file overrides its base key by key", "[config]") {
  const TempFolder folder;
  folder.write("common.toml", "seed = 3\n[agent]\nglimpses = 2\nscales = [1, 2, 3]\nglimpse.size = 4\n");
  folder.write("papers/ram.toml", "base = \"../common.toml\"\n[agent]\nglimpses = 4\nscales = [5]\n");
  const auto path = folder.write("papers/more/ram.toml", "base = \"../ram.toml\"\nagent.kind = \"other\"\n");
  Settings settings;
  settings.fill(ConfigTree::load(path));
  CHECK(settings.seed == 3);
  CHECK(settings.glimpses == 4);
  CHECK(settings.scales == std::vector<double>{5});
  CHECK(settings.size == 4);
  CHECK(settings.kind == "other");
}

TEST_CASE("a base can be a configuration that comes along", "[config]") {
  const TempFolder folder;
  const ConfigTree tree =
      ConfigTree::load(folder.write("mine.toml", "base = \"mnih2014/ram-6\"\nagent.glimpses = 3\n"));
  CHECK(has(saccade::experiments::Experiment(tree).to_toml(), "glimpses = 3"));
  CHECK(has(saccade::experiments::Experiment(tree).to_toml(), "kind = \"mnist\""));
}

TEST_CASE("an error in a base names the base", "[config]") {
  const TempFolder folder;
  folder.write("common.toml", "seed = 3\n\nsede = 4\n");
  const ConfigTree tree = ConfigTree::load(folder.write("sub/ram.toml", "base = \"../common.toml\"\n"));
  CHECK(message_of<ConfigError>([&] { Settings().fill(tree); }) ==
        (folder / "common.toml").string() + ":3: sede is unknown; did you mean seed?");
  CHECK(tree.source_of("seed") == (folder / "common.toml").string() + ":1");
}

TEST_CASE("a base that replaces a table by a value takes its keys away", "[config]") {
  const TempFolder folder;
  folder.write("common.toml", "[agent]\nglimpses = 2\n");
  const ConfigTree tree = ConfigTree::load(folder.write("ram.toml", "base = \"common.toml\"\nagent = 1\n"));
  CHECK_FALSE(tree.contains("agent.glimpses"));
}

TEST_CASE("a base that is missing, no path, or circular is refused", "[config]") {
  CHECK(has(file_error("\nbase = \"absent.toml\""), "ram.toml:2: base \"absent.toml\" is neither a file, "));
  CHECK(has(file_error("base = \".\""), "ram.toml:1: base \".\" is neither a file, "));
  CHECK(has(file_error("base = \"mnih2014/ram6\""), "did you mean mnih2014/ram-6?"));
  CHECK(file_error("base = 3") == "ram.toml:1: base must be a string, the path or name of another configuration");
  CHECK(has(file_error("base = \"ram.toml\""), "ram.toml:1: base ram.toml leads back to "));
  const TempFolder folder;
  folder.write("a.toml", "base = \"b.toml\"");
  folder.write("b.toml", "base = \"./a.toml\"");
  CHECK(message_of<ConfigError>([&] { ConfigTree::load(folder / "a.toml"); }) ==
        (folder / "b.toml").string() + ":1: base ./a.toml leads back to " + (folder / "a.toml").string());
}

TEST_CASE("an override is TOML or a bare word", "[config]") {
  CHECK(with_override("agent.glimpses=8").glimpses == 8);
  CHECK(with_override(" agent.glimpses = 8 ").glimpses == 8);
  CHECK(with_override("agent.location_std=1e-2").location_std == 0.01);
  CHECK(with_override("agent.locations=random").locations == "random");
  CHECK(with_override("agent.locations=\"random\"").locations == "random");
  CHECK(with_override("agent.kind=data/mnist = 1").kind == "data/mnist = 1");
  CHECK(with_override("agent.kind=\"\"").kind.empty());
  CHECK(with_override("agent.scales=[1, 2.5]").scales == std::vector<double>{1, 2.5});
  CHECK(with_override("agent={glimpses = 3, glimpse.size = 2}").size == 2);
}

TEST_CASE("an override that is wrong is quoted", "[config]") {
  CHECK(set_error("agent.glimpses=six") ==
        "--set agent.glimpses=six: agent.glimpses must be a whole number, got \"six\"");
  CHECK(set_error("agent.glimpse=8") == "--set agent.glimpse=8: agent.glimpse must be a table, got 8");
  CHECK(set_error("agnt.glimpses=8") == "--set agnt.glimpses=8: agnt is unknown; did you mean agent?");
  CHECK(set_error("agent.glimpses") == "--set agent.glimpses: expected KEY=VALUE");
  CHECK(set_error("agent.glimpses=") == "--set agent.glimpses=: the value is missing; write \"\" for an empty string");
  CHECK(set_error("agent..x=1") == "--set agent..x=1: \"agent..x\" is no key");
  CHECK(set_error("=1") == "--set =1: \"\" is no key");
  CHECK(set_error("base=a.toml") == "--set base=a.toml: base can be given in files only");
  CHECK(set_error("agent.scales=[1, ").starts_with("--set agent.scales=[1, : "));
  CHECK(has(set_error("agent.kind=\"a\"\nseed=2"), "there is more than one value"));
}

TEST_CASE("an override that does nothing is refused, what a file has for its heirs is not", "[config]") {
  const TempFolder folder;
  const auto path = folder.write("ram.toml", "[agent]\nlocation_std = 0.2\nlocations = \"centre\"\n");
  const auto message = [&](const std::vector<std::string>& assignments) {
    ConfigTree tree = ConfigTree::load(path);
    for (const std::string& assignment : assignments) tree.set(assignment);
    return message_of<ConfigError>([&] { Settings().fill(tree); });
  };
  CHECK(message({"agent.glimpses=2"}) == "(no error)");
  CHECK(message({"agent.location_std=0.3", "agent.locations=random"}) == "(no error)");
  CHECK(message({"agent.location_std=0.3"}) ==
        "--set agent.location_std=0.3: agent.location_std does nothing while agent.locations is \"centre\"; it is for "
        "locations learned or random");
  CHECK(has(message({"agent={location_std=0.3}"}), "agent.location_std does nothing"));
}

TEST_CASE("an override wins over the file and merges with its tables", "[config]") {
  const TempFolder folder;
  ConfigTree tree = ConfigTree::load(folder.write("ram.toml", "[agent]\nglimpses = 2\nkind = \"x\"\n"));
  tree.set("agent.glimpses=4");
  tree.set("agent.glimpses=5");
  Settings settings;
  settings.fill(tree);
  CHECK(settings.glimpses == 5);
  CHECK(settings.kind == "x");
  CHECK(tree.source_of("agent.glimpses") == "--set agent.glimpses=5");
}

TEST_CASE("a kind can be read before the settings are described", "[config]") {
  const TempFolder folder;
  const auto path = folder.write("ram.toml", "seed = 1\n[agent]\nkind = \"rma\"\n");
  const ConfigTree tree = ConfigTree::load(path);
  CHECK(tree.string_at("agent.kind") == "rma");
  CHECK_FALSE(tree.string_at("env.kind"));
  CHECK_FALSE(tree.choice_at("env.kind", {"ram"}));
  CHECK(tree.choice_at("agent.kind", {"rma", "ram"}) == "rma");
  CHECK(message_of<ConfigError>([&] {
          (void)tree.choice_at("agent.kind", {"ram", "convolutional"});
        }) == path.string() + ":3: agent.kind must be one of ram, convolutional; did you mean ram?");
  CHECK(message_of<ConfigError>([&] { (void)tree.string_at("seed"); }) ==
        path.string() + ":1: seed must be a string, got 1");
  CHECK(message_of<ConfigError>([&] { (void)tree.string_at("agent"); }) ==
        path.string() + ":2: agent must be a string, got a table");
}

TEST_CASE("settings that differ are told by their kind first", "[config]") {
  using saccade::experiments::first_difference;
  const std::string catch_world = "[world]\nball = 1\nkind = \"catch\"\n", digits = "[world]\nkind = \"digits\"\n";
  CHECK(first_difference(catch_world, digits, "world") == "world.kind is \"catch\" there and \"digits\" here");
  CHECK(first_difference("[world]\nball = 1\n", "[world]\nball = 2\n", "world") == "world.ball is 1 there and 2 here");
}

TEST_CASE("one section can be applied by itself", "[config]") {
  const TempFolder folder;
  const auto path = folder.write("ram.toml", "sede = 1\n[agent]\nglimpses = 9\n[agents]\nx = 1\n");
  Settings settings;
  config::Fields root = settings.describe();
  apply(ConfigTree::load(path), "agent", root.group("agent"));
  CHECK(settings.glimpses == 9);
  const auto wrong = folder.write("wrong.toml", "[agent]\nglimpse = 9\nglimpsse = 1\n");
  CHECK(has(message_of<ConfigError>([&] { apply(ConfigTree::load(wrong), "agent", root.group("agent")); }),
            "wrong.toml:2: agent.glimpse must be a table, got 9"));
}

TEST_CASE("the resolved settings are printed with their meaning", "[config]") {
  Settings settings;
  CHECK(to_toml(settings.describe()) == R"(# seed of everything random
seed = 1

[agent]
# which agent
kind = "ram"
# number of glimpses T (in [1, 64])
glimpses = 6
# spread of the locations (in (0, 2]; with locations learned or random)
location_std = 0.1
# where to look (one of learned, random, centre)
locations = "learned"
# learn the first location
learned_start = false
# scales of the retina
scales = [1.0, 2.0]
# units of each layer
units = [128]

[agent.glimpse]
# side of the smallest patch in pixels (at least 1)
size = 8
)");
}

TEST_CASE("printed settings are read back to the last bit", "[config]") {
  Settings settings;
  settings.seed = std::numeric_limits<std::int64_t>::min();
  settings.kind = "quotes \" \\ \n tab \t bell \a and \xc3\xa4";
  settings.location_std = 0.1 + 0.2;
  settings.scales = {1e-310, 1.0 / 3, -0.0, 1e22, 123456789.125};
  settings.units = {};
  const TempFolder folder;
  const std::string text = to_toml(settings.describe());
  Settings again;
  again.fill(ConfigTree::load(folder.write("config.toml", text)));
  CHECK(again == settings);
  CHECK(to_toml(again.describe()) == text);
}
