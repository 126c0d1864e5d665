#include "experiments/compare.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>

#include "core/errors.hpp"
#include "core/io/file.hpp"
#include "experiments/compare_figure.hpp"
#include "experiments/compare_report.hpp"
#include "experiments/compare_words.hpp"
#include "experiments/experiment.hpp"
#include "tests/support/caption_worlds.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/messages.hpp"
#include "tests/support/temp_folder.hpp"

using namespace saccade;
using namespace saccade::experiments;
using namespace saccade::tests;

namespace {

namespace fs = std::filesystem;

/// What a fake run of RAM did wrong in each mode, of eight test items.
struct Fake {
  std::string mode;
  std::vector<int> wrong;
};

constexpr int fake_items = 8;

std::string fake_config(const std::vector<std::string>& settings, std::uint64_t seed) {
  ConfigTree tree;
  for (const std::string& setting : settings) tree.set(setting);
  return Experiment(tree, seed).to_toml();
}

/// A finished run as its files tell it, without training.
fs::path write_run(const TempFolder& folder, const std::string& name, std::uint64_t seed,
                   const std::vector<std::string>& settings, const std::vector<Fake>& modes, bool predictions = true) {
  folder.write(name + "/config.toml", fake_config(settings, seed));
  folder.write(
      name + "/run.json",
      fmt::format(R"({{"seed": {}, "wall_seconds": 100, "parameters": 1234, "sessions": [{{"training_seconds": )"
                  R"(50, "images": 4000, "threads": 1, "cpu": "X", "commit": "abc", "uncommitted_changes": )"
                  R"(false, "peak_memory_mb": {}}}]}})",
                  seed, 80 + 10 * seed));
  folder.write(name + "/metrics.jsonl", fmt::format("{{\"epoch\": 1, \"validation_error\": 0.5}}\n"
                                                    "{{\"epoch\": 2, \"validation_error\": {}}}\n",
                                                    0.2 + 0.1 * static_cast<double>(seed)));
  std::vector<std::string> results;
  std::string lines;
  for (const Fake& mode : modes) {
    results.push_back(fmt::format(R"({{"split": "test", "mode": "{}", "error": {}}})", mode.mode,
                                  static_cast<double>(mode.wrong.size()) / fake_items));
    lines += fmt::format("{{\"split\":\"test\",\"mode\":\"{}\",\"samples\":1,\"episodes\":{},\"wrong\":[{}]}}\n",
                         mode.mode, fake_items, fmt::join(mode.wrong, ","));
  }
  folder.write(name + "/evaluation.json", fmt::format(R"({{"results": [{}]}})", fmt::join(results, ",")));
  if (predictions) folder.write(name + "/predictions.jsonl", lines);
  return folder / name;
}

const std::vector<std::string> learned{"agent.locations=learned"};
const std::vector<std::string> random_places{"agent.locations=random"};

Comparison compare(const std::vector<fs::path>& runs, const CompareOptions& options = {}) {
  parallel::Workers workers(2);
  return compare_groups(read_groups(runs), nullptr, "", options, workers);
}

/// Two seeds of RAM and of its control.
std::vector<fs::path> write_ram(const TempFolder& folder, bool predictions = true) {
  return {write_run(folder, "ram-seed0", 0, learned, {{"mean location", {0}}, {"one sample", {0, 1}}}, predictions),
          write_run(folder, "ram-seed1", 1, learned, {{"mean location", {}}, {"one sample", {0}}}, predictions),
          write_run(folder, "random-seed0", 0, random_places, {{"one sample", {0, 1, 2, 3, 4}}}, predictions),
          write_run(folder, "random-seed1", 1, random_places, {{"one sample", {0, 1, 2, 3, 4, 5}}}, predictions)};
}

rl::Actions said(const NoiseCaptions& world, const envs::captions::Tokens& words) {
  rl::Actions actions;
  for (const std::string& word : words) actions.push_back(static_cast<std::int32_t>(world.vocabulary().number(word)));
  return actions;
}

/// A group of one run a list of captions, as its files would tell it.
ComparedGroup caption_group(const NoiseCaptions& world, const std::string& name, const std::string& attention,
                            const std::string& mode, const std::vector<std::vector<rl::Actions>>& runs,
                            double entropy) {
  ComparedGroup group{{name, {}}, {}, "noise", attention};
  for (const std::vector<rl::Actions>& actions : runs) {
    RunResult result;
    result.folder = name;
    result.seed = group.row.runs.size();
    group.row.runs.push_back(result);
    TestedMode tested{mode,
                      rl::measures(*world.judge(), rl::Split::test, actions),
                      {{"attention_entropy", entropy}, {"uniform_entropy", std::log(16.0)}, {"places_read", 16}}};
    tested.predictions = Predictions{"test", mode, 1, actions.size(), actions};
    if (attention != "uniform") tested.entropy_by_step = {entropy, entropy + static_cast<double>(result.seed)};
    group.details.push_back({{std::move(tested)}});
  }
  return group;
}

const MeasureDifference& first_difference_of(const Comparison& c) {
  return c.pairs.at(0).modes.at(0).differences.at(0);
}

}  // namespace

TEST_CASE("two means differ within Welch's interval", "[compare]") {
  // Variances 1 and 4, 3 values each: 5/3 for the difference, 4 * 25/17 / 2 = 2.94 degrees of freedom, 2 of Student's
  // t.
  const std::optional<SeedInterval> interval = welch_interval({1, 2, 3}, {5, 7, 9});
  REQUIRE(interval);
  CHECK(interval->low == Approx(5 - 4.303 * std::sqrt(5.0 / 3)));
  CHECK(interval->high == Approx(5 + 4.303 * std::sqrt(5.0 / 3)));
  CHECK_FALSE(welch_interval({1}, {5, 7, 9}).has_value());
  CHECK_FALSE(welch_interval({1, 1}, {3, 3}).has_value());
  CHECK_THROWS_AS(static_cast<void>(t_quantile(0)), ArgumentError);
}

TEST_CASE("RAM is compared with its control over items and over seeds", "[compare]") {
  const TempFolder folder;
  const Comparison c = compare(write_ram(folder));
  REQUIRE(c.groups.size() == 2);
  CHECK(c.items == 8);
  CHECK(c.leading == std::vector<std::string>{"mean location", "one sample"});
  REQUIRE(c.pairs.size() == 1);
  REQUIRE(c.pairs[0].modes.size() == 2);
  CHECK(c.pairs[0].modes[0].first == "one sample");  // as the control is tested
  CHECK(c.pairs[0].modes[1].first == "mean location");
  CHECK(c.pairs[0].settings == std::vector<SettingDifference>{{"agent.locations", "\"learned\"", "\"random\""}});
  CHECK(first_difference_of(c).points == Approx(68.75 - 18.75));
  const MeasureDifference& d = c.pairs[0].modes[1].differences[0];
  CHECK(d.points == Approx(68.75 - 6.25));
  CHECK_FALSE(d.better());
  REQUIRE(d.items);
  CHECK((d.items->low > 0 && d.items->low < d.points && d.points < d.items->high && d.items->high <= 100));
  REQUIRE(d.seeds);
  CHECK(d.seeds->low == Approx(62.5 - 4.303 * 6.25 * std::sqrt(2.0)));  // each mean has a deviation of 6.25
  CHECK(c.remarks.empty());
}

TEST_CASE("the report of a comparison", "[compare]") {
  const TempFolder folder;
  const Comparison c = compare(write_ram(folder), {"", 1000});
  const std::string text = comparison_as_markdown(c);
  const MeasureDifference& one = first_difference_of(c);
  const MeasureDifference& mean = c.pairs[0].modes[1].differences[0];
  const auto items = [](const MeasureDifference& of) {
    return fmt::format("[{:.2f}, {:.2f}] | {:.4f}", of.items->low, of.items->high, of.items->share);
  };
  CHECK(
      text ==
      "# ram, random in digits\n\n"
      "- random (one sample), a control, has error 50.00 points higher than ram (one sample): it is worse; the 95 % "
      "interval over the 8 test items, " +
          fmt::format("[{:.2f}, {:.2f}]", one.items->low, one.items->high) +
          ", does not contain 0: significant; that over seeds (n = 2 each), [11.97, 88.03], does not contain 0: "
          "significant.\n"
          "- ram: learned glimpses; it is better than its control random (significant).\n\n"
          "## Measures on test, %\n\n"
          "| run | mode | seeds | error |\n|---|---|--:|--:|\n"
          "| ram | mean location * | 2 | 6.25 ± 79.41 |\n"
          "| ram | one sample | 2 | 18.75 ± 79.41 |\n"
          "| random | one sample * | 2 | 68.75 ± 79.41 |\n\n"
          "Mean over seeds ± half the 95 % interval of the mean (Student's t). *: the mode that leads.\n\n"
          "## Differences, points\n\nrandom less ram:\n\n"
          "Settings that differ: agent.locations, \"random\" and \"learned\".\n\n"
          "| modes | measure | verdict | points | 95 % over items | share | 95 % over seeds |\n"
          "|---|---|---|--:|--:|--:|--:|\n"
          "| one sample | error | significant | +50.00 | " +
          items(one) +
          " | [11.97, 88.03] |\n"
          "| one sample / mean location | error | significant | +62.50 | " +
          items(mean) +
          " | [24.47, 100.53] |\n\n"
          "Over items: paired bootstrap, 1000 resamples of the 8 test items, means over seeds. Share: of resamples on "
          "the other side of 0, twice. Over seeds: Welch's interval, its degrees of freedom rounded down. Significant: "
          "0 is in neither interval, or "
          "not in the one that is named; nothing is corrected for the number of rows.\n\n"
          "## Cost and learning\n\n"
          "| run | parameters | glimpses | wall seconds | images/s | peak memory, MB | epochs | best validation "
          "error, % | in epoch | threads | CPU |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n"
          "| ram | 1234 | 6 | 100 | 80 | 85 | 2 | 25.00 ± 63.53 | 2 | 1 | X |\n"
          "| random | 1234 | 6 | 100 | 80 | 85 | 2 | 25.00 ± 63.53 | 2 | 1 | X |\n\n"
          "Means over seeds; images/s (captions/s, games/s) of training steps.\n");
}

TEST_CASE("rates of different machines are not set against each other", "[compare]") {
  const TempFolder folder;
  const std::vector<fs::path> runs = write_ram(folder, true);
  const std::string warning = "The runs had different processors or numbers of threads";
  CHECK_FALSE(has(comparison_as_markdown(compare(runs)), warning));
  std::string record = io::read_file(runs.front() / "run.json");
  record.replace(record.find("\"X\""), 3, "\"Y\"");
  io::write_atomically(runs.front() / "run.json", record);
  const std::string text = comparison_as_markdown(compare(runs));
  CHECK(has(text, warning));
  CHECK(has(text, "| 1 | Y, X |"));
}

TEST_CASE("a comparison as comma-separated values has everything", "[compare]") {
  const TempFolder folder;
  const Comparison c = compare(write_ram(folder, false));
  CHECK_FALSE(first_difference_of(c).items);
  CHECK(has(c.remarks.at(0), "left no predictions.jsonl, so nothing is said of the test items of ram;"));
  CHECK(comparison_measures_as_csv(c) ==
        "run,mode,measure,seeds,mean,half_width\nram,mean location,error,2,6.25,79.4125\n"
        "ram,one sample,error,2,18.75,79.4125\nrandom,one sample,error,2,68.75,79.4125\n");
  CHECK(
      comparison_differences_as_csv(c) ==
      "first,first_mode,second,second_mode,measure,points,items_low,items_high,share,seeds_low,seeds_high,verdict\n"
      "ram,one sample,random,one sample,error,50,,,,11.9665,88.0335,\"significant over seeds, items unknown\"\n"
      "ram,mean location,random,one sample,error,62.5,,,,24.4665,100.534,\"significant over seeds, items unknown\"\n");
  CHECK(comparison_curves_as_csv(c) ==
        "run,seed,epoch,validation_error\nram,0,1,50\nram,0,2,20\nram,1,1,50\nram,1,2,30\n"
        "random,0,1,50\nrandom,0,2,20\nrandom,1,1,50\nrandom,1,2,30\n");
}

TEST_CASE("runs that do the same differ by nothing", "[compare]") {
  const TempFolder folder;
  const std::vector<Fake> same{{"one sample", {1, 4, 6}}};
  const Comparison c = compare({write_run(folder, "a-seed0", 0, {"agent.glimpses=2"}, same),
                                write_run(folder, "b-seed0", 0, {"agent.glimpses=3"}, same)});
  const MeasureDifference& d = first_difference_of(c);
  CHECK(d.points == 0);
  REQUIRE(d.items);
  CHECK((d.items->low == 0 && d.items->high == 0 && d.items->share == 1));
  CHECK_FALSE(d.seeds);
  CHECK(verdict(d) == "not significant");
  CHECK(has(comparison_in_words(c).at(0), "b (one sample) has the same error as a (one sample); "));
  CHECK(has(comparison_in_words(c).at(0), "nothing is known of other seeds (n = 1 each)"));
}

TEST_CASE("a mode in which a control is as good is told", "[compare]") {
  const TempFolder folder;
  const std::vector<int> most{0, 1, 2, 3, 4, 5};
  const std::vector<fs::path> runs{
      write_run(folder, "ram-seed0", 0, learned, {{"one sample", {}}, {"10 samples averaged", {1}}}),
      write_run(folder, "random-seed0", 0, random_places, {{"one sample", most}, {"10 samples averaged", {2}}})};
  const std::string better =
      "it is better than its control random on these runs (significant over items, seeds unknown)";
  CHECK(has(comparison_in_words(compare(runs)).back(), better + "; not so (10 samples averaged)."));
  CHECK(has(comparison_in_words(compare({runs[1], runs[0]})).back(), better + "; not so (10 samples averaged)."));
  CHECK(has(comparison_in_words(compare(runs, {"averaged", 1000})).back(),
            "it is not shown to differ from its control random (not significant); not so (one sample)."));
}

TEST_CASE("records without predictions are compared over seeds alone", "[compare]") {
  const fs::path published = fs::path(SACCADE_SOURCE_DIR) / "results/mnih2014/runs";
  std::vector<fs::path> runs;
  for (const char* name : {"ram-6-seed0", "ram-6-seed1", "ram-6-seed2", "ram-6-random-seed0", "ram-6-random-seed1",
                           "ram-6-random-seed2"}) {
    runs.push_back(published / name);
  }
  const Comparison c = compare(runs);
  const MeasureDifference& d = first_difference_of(c);
  CHECK(d.points == Approx(4.88 - 1.64).margin(0.01));
  REQUIRE(d.seeds);
  CHECK(d.seeds->low > 2.8);
  CHECK((!d.items || c.items == 10000));
  if (!d.items) {
    CHECK(has(c.remarks.at(0), "left no predictions.jsonl, so nothing is said of the test items of ram-6"));
    CHECK(has(comparison_as_markdown(c), c.remarks.at(0)));
  }
  CHECK(has(comparison_in_words(c).back(), "ram-6: learned glimpses; it is better than its control ram-6-random"));
}

TEST_CASE("a run that left no answers in a mode is named", "[compare]") {
  const TempFolder folder;
  const std::vector<fs::path> runs = write_ram(folder, true);
  const fs::path second = runs.at(1) / "predictions.jsonl";
  std::string lines = io::read_file(second);
  folder.write(fs::relative(second, folder.path()).string(), lines.substr(0, lines.find('\n') + 1));
  const Comparison c = compare(runs);
  CHECK(c.remarks == std::vector<std::string>{second.string() + " holds nothing of the mode one sample, so nothing is "
                                                                "said of the test items of ram in it."});
}

TEST_CASE("runs on different data are not compared", "[compare]") {
  const TempFolder folder;
  const std::vector<Fake> right{{"one sample", {}}};
  const auto a = write_run(folder, "a-seed0", 0, learned, right),
             b = write_run(folder, "b-seed0", 0, random_places, right);
  CHECK(compare({a, b}).remarks.empty());
  folder.write("a-seed0/data.txt", "1234  images\n");
  CHECK(compare({a, b}).remarks ==
        std::vector<std::string>{b.string() + " left no data.txt, so it is not known whether it has seen the same data "
                                              "as others."});
  folder.write("b-seed0/data.txt", "5678  images\n");
  CHECK(has(message_of<IoError>([&] { compare({a, b}); }), "are runs on different data, as their data.txt say"));
}

TEST_CASE("runs on other annotations of the same captions are compared, wherever the files lie", "[compare]") {
  const TempFolder folder;
  const std::vector<Fake> right{{"greedy", {}}};
  const auto write = [&](const std::string& name, const std::vector<std::string>& settings, const std::string& data) {
    std::vector<std::string> all{"environment.kind=karpathy", "agent.kind=show_attend_tell"};
    all.insert(all.end(), settings.begin(), settings.end());
    folder.write(name + "/data.txt", data);
    return write_run(folder, name, 0, all, right);
  };
  const std::string data = "12  annotations\n34  captions\n";
  const fs::path a = write("a-seed0", {"environment.file=x.json"}, data);
  const fs::path b =
      write("b-seed0", {"environment.file=/y.json", "environment.annotations=fine"}, "56  annotations\n34  captions\n");
  const Comparison c = compare({a, b});
  CHECK(c.pairs[0].settings.size() == 2);
  const fs::path other = write("c-seed0", {"environment.annotations=fine"}, "56  annotations\n99  captions\n");
  CHECK(has(message_of<ConfigError>([&] { compare({a, other}); }), "are of different worlds: environment.annotations"));
  const fs::path words = write("d-seed0", {"environment.file=x.json", "environment.min_count=2"}, data);
  CHECK(has(message_of<ConfigError>([&] { compare({a, words}); }), "are of different worlds: environment.min_count"));
  const fs::path same =
      write("e-seed0", {"environment.file=x.json", "environment.images=/here", "agent.hidden=4"}, data);
  CHECK(compare({a, same}).pairs[0].settings.size() == 1);
  const fs::path changed =
      write("f-seed0", {"environment.file=x.json", "agent.hidden=4"}, "7  annotations\n34  captions\n");
  CHECK(has(message_of<IoError>([&] { compare({a, changed}); }), "are runs on different data"));
  CHECK(has(message_of<IoError>([&] { compare({b, a, changed}); }), "are runs on different data"));
}

TEST_CASE("the row of a table names the mode of its group", "[compare]") {
  const TempFolder folder;
  const std::vector<Fake> modes{{"mean location", {}}, {"one sample", {1}}};
  const auto a = write_run(folder, "a-seed0", 0, learned, modes),
             b = write_run(folder, "b-seed0", 0, random_places, modes);
  std::vector<ComparedGroup> groups = read_groups({a, b});
  ask_for_mode(groups, {{b}, "one sample"});
  ask_for_mode(groups, {{a}, {}});
  CHECK(groups[0].asked_mode.empty());
  CHECK(groups[1].asked_mode == "one sample");
  CHECK(message_of<ConfigError>([&] {
          ask_for_mode(groups, {{b}, "mean location"});
        }) == "compare: b is named in two ways to act, one sample and mean location; one of them can lead");
  parallel::Workers workers(1);
  const Comparison c = compare_groups(groups, nullptr, "", {}, workers);
  CHECK(c.leading == std::vector<std::string>{"mean location", "one sample"});
  CHECK(c.pairs.at(0).modes.at(0).first == "mean location");
  CHECK(c.pairs.at(0).modes.at(0).second == "one sample");
}

TEST_CASE("the mode that is compared can be named", "[compare]") {
  const TempFolder folder;
  const std::vector<fs::path> runs = write_ram(folder);
  const Comparison mean = compare(runs, {"mean", 100});
  CHECK(mean.pairs[0].modes[0].first == "mean location");  // though the control has none
  const Comparison c = compare(runs, {"sample", 100});
  CHECK(c.leading == std::vector<std::string>{"one sample", "one sample"});
  CHECK(first_difference_of(c).points == Approx(50));
  CHECK(has(message_of<ConfigError>([&] {
              compare(runs, {"beam", 100});
            }),
            "no run was tested in a mode whose name holds beam"));
}

TEST_CASE("what cannot be compared is told in a sentence", "[compare][error]") {
  const TempFolder folder;
  const std::vector<Fake> right{{"one sample", {}}};
  const fs::path a = write_run(folder, "a-seed0", 0, {"agent.glimpses=2"}, right);
  const fs::path b = write_run(folder, "b-seed0", 0, {"agent.glimpses=3"}, right);
  const fs::path larger = write_run(folder, "c-seed0", 0, {"agent.glimpses=3", "environment.test=77"}, right);
  CHECK(has(message_of<ConfigError>([&] {
              compare({a, b, larger});
            }),
            "are of different worlds: environment.test is "));
  CHECK(has(message_of<ConfigError>([&] { compare({a}); }), "all runs are of one configuration, a; name"));
  CHECK(has(message_of<ConfigError>([&] { compare({}); }), "two configurations"));
  const fs::path again = write_run(folder, "a-again", 0, {"agent.glimpses=2"}, right);
  CHECK(has(message_of<ArgumentError>([&] { compare({a, again, b}); }), "with the same seed"));
  const std::string line = R"({"split":"test","mode":"one sample","samples":1,"episodes":)";
  folder.write("a-seed0/predictions.jsonl", line + "8,\"wrong\":[3]}\n");
  CHECK(has(message_of<IoError>([&] { compare({a, b}); }), "1 of 8 are wrong"));
  folder.write("a-seed0/predictions.jsonl", line + "9,\"wrong\":[]}\n");
  CHECK(has(message_of<IoError>([&] { compare({a, b}); }), "has 8 test items where others have 9"));
  fs::remove(folder / "a-seed0/evaluation.json");
  CHECK(has(message_of<IoError>([&] { compare({a, b}); }), "is not finished"));
}

TEST_CASE("runs are found by their configuration or by a table's row", "[compare]") {
  const TempFolder folder;
  const auto config = folder.write("three.toml", "[agent]\nglimpses = 3\n");
  const std::vector<Fake> right{{"one sample", {}}};
  write_run(folder, "runs/x", 1, {"agent.glimpses=3"}, right);
  write_run(folder, "runs/y", 0, {"agent.glimpses=3"}, right);
  write_run(folder, "runs/z", 0, {"agent.glimpses=4"}, right);
  CHECK(runs_named(config.string(), {folder / "runs"}).runs ==
        std::vector<fs::path>{folder / "runs/y", folder / "runs/x"});
  CHECK(runs_named((folder / "runs/z").string(), {}).runs == std::vector<fs::path>{folder / "runs/z"});
  const auto published = fs::path(SACCADE_SOURCE_DIR) / "results/mnih2014/runs";
  CHECK(runs_named("mnih2014/ram-6", {published}).runs.size() == 3);
  CHECK(runs_named("RAM, 6 glimpses, 8x8, 1 scale", {published}).runs.size() == 3);
  CHECK(runs_named("mnih2014/table2a: RAM, 8 glimpses, 12x12, 3 scales", {published}).runs.front().filename() ==
        "cluttered60-ram-8-seed0");
  CHECK(has(message_of<IoError>([&] { (void)runs_named("RAM, 8 glimpses, 12x12, 3 scales", {published}); }),
            "is a row of mnih2014/table1b and of mnih2014/table2a; put the table's name and a colon before it"));
  CHECK(has(message_of<IoError>([&] { (void)runs_named("mnih2014/ram-6", {folder / "runs"}); }),
            "mnih2014/ram-6: there is no finished run of this configuration in "));
  CHECK(has(message_of<IoError>([&] { (void)runs_named("mnih2014/ram-66", {}); }),
            "is neither the folder of a run nor the name of a configuration or of a table's row; did you mean "));
}

TEST_CASE("captions are judged again from what was said", "[compare]") {
  const NoiseCaptions world;
  const rl::Actions dog = said(world, {"a", "dog"}), cat = said(world, {"a", "cat", "runs"}), a = said(world, {"a"});
  parallel::Workers workers(2);
  const auto soft = caption_group(world, "soft", "soft", "greedy", {{dog, cat, cat}, {dog, dog, a}}, 2.7);
  const auto hard = caption_group(world, "hard", "hard", "greedy, drawn context", {{dog, cat, a}, {dog, cat, a}}, 1);
  const auto uniform = caption_group(world, "even", "uniform", "greedy, drawn context", {{dog, a, a}}, std::log(16.0));
  const Comparison c = compare_groups({soft, hard, uniform}, world.judge(), "", {"", 500}, workers);
  CHECK(c.items == 3);
  REQUIRE(c.pairs.size() == 3);  // the last is hard against its control
  CHECK((c.pairs[2].first == 2 && c.pairs[2].second == 1));
  for (const MeasureDifference& d : c.pairs[0].modes.at(0).differences) {
    INFO(d.measure);
    const double first = seed_statistics(soft.values("greedy", d.measure)).mean;
    const double second = seed_statistics(hard.values("greedy, drawn context", d.measure)).mean;
    CHECK(d.points == Approx(100 * (second - first)).margin(1e-9));
    REQUIRE(d.items);
    CHECK((d.items->low <= d.points + 1e-9 && d.points <= d.items->high + 1e-9));
  }
  CHECK(c.pairs[0].modes[0].differences.size() == 12);
  CHECK(c.pairs[0].modes[0].differences.back().measure == "exact");
  CHECK(c.pairs[0].modes[0].differences.back().points == Approx(100 - 100 * 2.0 / 3));
  CHECK(c.pairs[0].modes[0].differences.back().better());
  const std::vector<std::string> words = comparison_in_words(c);
  REQUIRE(words.size() == 5);
  CHECK(
      has(words[3], "soft (greedy): attention entropy 2.70 of 2.77 nats (ln L), as if spread over 14.9 of 16 places"));
  CHECK(has(words[3], "has moved a little; no control of it is compared."));
  // Captions of at most three words have no BLEU-4.
  CHECK(has(words[4], "the attention has moved away from uniform; it is not shown to differ from its control even ("));
  const std::string text = comparison_as_markdown(c);
  CHECK(has(text, "## Attention on test"));
  CHECK(has(text,
            "| run | mode | 1 | 2 |\n|---|---|--:|--:|\n| soft | greedy | 2.70 | 3.20 |\n"
            "| hard | greedy, drawn context | 1.00 | 1.50 |\n\n"));
  CHECK(draw_comparison(c, 1).starts_with("\x89PNG"));
}

TEST_CASE("captions of a beam are not set against greedy ones where both have a beam", "[compare]") {
  const NoiseCaptions world;
  const rl::Actions dog = said(world, {"a", "dog"});
  parallel::Workers workers(1);
  const auto group = [&](const std::string& name, const std::string& attention, const std::string& context) {
    ComparedGroup both = caption_group(world, name, attention, "greedy" + context, {{dog, dog, dog}}, 1);
    const ComparedGroup beam = caption_group(world, name, attention, "beam of 5" + context, {{dog, dog, dog}}, 1);
    both.details[0].modes.push_back(beam.details[0].modes[0]);
    return both;
  };
  ComparedGroup soft = group("soft", "soft", "");
  std::swap(soft.details[0].modes[0], soft.details[0].modes[1]);  // its parameters were chosen by the beam
  const ComparedGroup hard = group("hard", "hard", ", expected context");
  const auto first_modes = [&](const std::string& wanted) {
    const Comparison c = compare_groups({soft, hard}, world.judge(), "", {wanted, 100}, workers);
    const ModePair& modes = c.pairs[0].modes.front();
    return modes.second + " / " + modes.first;
  };
  CHECK(first_modes("") == "beam of 5, expected context / beam of 5");
  CHECK(first_modes("expected") == "greedy, expected context / greedy");
  CHECK(first_modes("beam of 5, expected") == "beam of 5, expected context / beam of 5");
  const auto without = caption_group(world, "hard", "hard", "greedy, expected context", {{dog, dog, dog}}, 1);
  const Comparison c = compare_groups({soft, without}, world.judge(), "", {"", 100}, workers);
  CHECK(c.pairs[0].modes.front().first == "greedy");
}

TEST_CASE("how often attention points at the right place is compared over seeds alone", "[compare]") {
  const NoiseCaptions world;
  const rl::Actions dog = said(world, {"a", "dog"});
  parallel::Workers workers(2);
  auto soft = caption_group(world, "soft", "soft", "greedy", {{dog, dog, dog}, {dog, dog, dog}}, 2.7);
  auto hard = caption_group(world, "hard", "hard", "greedy", {{dog, dog, dog}, {dog, dog, dog}}, 1);
  const auto point = [](ComparedGroup& group, std::size_t run, double share) {
    group.details[run].modes[0].attention.emplace_back("pointing", share);
  };
  point(soft, 0, 0.1);
  point(soft, 1, 0.2);
  point(hard, 0, 0.8);
  point(hard, 1, 0.9);
  const Comparison c = compare_groups({soft, hard}, world.judge(), "", {"", 500}, workers);
  const MeasureDifference& last = c.pairs[0].modes[0].differences.back();
  CHECK(last.measure == "pointing");
  CHECK(last.points == Approx(70));
  CHECK_FALSE(last.items);
  REQUIRE(last.seeds);
  CHECK(verdict(last) == "significant over seeds, items unknown");
  CHECK(has(comparison_as_markdown(c),
            "| greedy | pointing | significant over seeds, items unknown | +70.00 | – | – | ["));
}

TEST_CASE("captions that are judged by others than their references are refused", "[compare][error]") {
  const NoiseCaptions world;
  const NoiseCaptions other({{"a", "dog"}, {"a", "cat", "runs"}, {"runs"}});
  const rl::Actions dog = said(world, {"a", "dog"}), cat = said(world, {"a", "cat", "runs"}), a = said(world, {"a"});
  parallel::Workers workers(1);
  const std::vector<ComparedGroup> groups{caption_group(world, "soft", "soft", "greedy", {{dog, cat, a}}, 1),
                                          caption_group(world, "mean", "mean", "greedy", {{dog, cat, cat}}, 1)};
  const auto judged_by = [&](const rl::Judge* judge) {
    return compare_groups(groups, judge, "No captions here.", {"", 100}, workers);
  };
  CHECK(has(message_of<IoError>([&] { judged_by(other.judge()); }), "their references differ"));
  const NoiseCaptions fewer({{"a", "dog"}, {"a", "cat", "runs"}});
  CHECK(has(message_of<IoError>([&] { judged_by(fewer.judge()); }), "is not of this world"));
  const Comparison without = judged_by(nullptr);
  CHECK(without.remarks == std::vector<std::string>{"No captions here."});
  CHECK_FALSE(first_difference_of(without).items);
}

TEST_CASE("a verdict names what it rests on", "[compare]") {
  const ItemInterval items{1, 2, 0.01}, no_items{-1, 2, 0.3};
  const SeedInterval seeds{1, 2}, no_seeds{-1, 2};
  CHECK(verdict({"error", 1, {}, {}}) == "unknown");
  CHECK(verdict({"error", 1, items, seeds}) == "significant");
  CHECK(verdict({"error", 1, items, no_seeds}) == "significant over items only");
  CHECK(verdict({"error", 1, items, {}}) == "significant over items, seeds unknown");
  CHECK(verdict({"error", 1, {}, seeds}) == "significant over seeds, items unknown");
  CHECK(verdict({"error", 1, no_items, seeds}) == "significant over seeds only");
  CHECK(verdict({"error", 1, no_items, no_seeds}) == "not significant");
}

TEST_CASE("a control differs in nothing but how places are chosen", "[compare]") {
  const TempFolder folder;
  const std::vector<Fake> right{{"one sample", {}}};
  std::size_t count = 0;
  const auto with_control = [&](std::vector<std::string> settings, const std::vector<std::string>& of_ram = learned) {
    const std::string number = fmt::format("{}", count++);
    settings.emplace_back("agent.locations=random");
    return read_groups({write_run(folder, "ram" + number, 0, of_ram, right),
                        write_run(folder, "control" + number, 0, settings, right)});
  };
  const auto is_control = [](const std::vector<ComparedGroup>& groups) { return is_control_of(groups[1], groups[0]); };
  CHECK(is_control(with_control({})));
  CHECK(is_control(with_control({"agent.baseline=none", "evaluation.samples=3"}, {"agent.location_std=0.3"})));
  const std::vector<ComparedGroup> other = with_control({"agent.rollouts=2", "trainer.epochs=77"});
  CHECK_FALSE(is_control(other));
  CHECK_FALSE(is_control_of(other[0], other[1]));
  const std::vector<SettingDifference> found = differing_settings(other[0], other[1]);
  REQUIRE(found.size() == 3);
  CHECK(found[0] == SettingDifference{"agent.locations", "\"learned\"", "\"random\""});
  CHECK(found[1] == SettingDifference{"agent.rollouts", "1", "2"});
  CHECK(found[2].key == "trainer.epochs");
}

TEST_CASE("settings that do nothing in one of two groups make no difference", "[compare]") {
  ComparedGroup soft{{"soft", {}}, {}, "noise", "soft"};
  soft.idle = {"agent.baseline"};
  RunResult run;
  run.configuration = "[agent]\nattention = \"soft\"\nbaseline = \"moving_average\"\n";
  soft.row.runs.push_back(run);
  ComparedGroup hard{{"hard", {}}, {}, "noise", "hard"};
  run.configuration = "[agent]\nattention = \"hard\"\nbaseline = \"self_critical\"\n";
  hard.row.runs.push_back(run);
  const std::vector<SettingDifference> found = differing_settings(soft, hard);
  REQUIRE(found.size() == 1);
  CHECK(found[0].key == "agent.attention");
  soft.idle.clear();
  CHECK(differing_settings(soft, hard).size() == 2);
}

TEST_CASE("a record from before there was a setting has its default", "[compare]") {
  const TempFolder folder;
  const std::vector<Fake> right{{"one sample", {}}};
  const fs::path old = write_run(folder, "ram-seed0", 0, learned, right);
  const fs::path control = write_run(folder, "random-seed0", 0, random_places, right);
  std::string config = io::read_file(old / "config.toml");
  const std::size_t at = config.find("\ngain = ");
  REQUIRE(at != std::string::npos);
  config.erase(at, config.find('\n', at + 1) - at);
  folder.write("ram-seed0/config.toml", config);
  const std::vector<ComparedGroup> groups = read_groups({old, control});
  CHECK(differing_settings(groups[0], groups[1]).size() == 1);
  CHECK(is_control_of(groups[1], groups[0]));
}

TEST_CASE("a group that does worse than its control is told so, and only what is shown", "[compare]") {
  const TempFolder folder;
  const auto told = [&](const std::vector<int>& first, const std::vector<int>& second) {
    const Comparison c = compare({write_run(folder, "ram-seed0", 0, learned, {{"one sample", first}}),
                                  write_run(folder, "random-seed0", 0, random_places, {{"one sample", second}})});
    return comparison_in_words(c);
  };
  const std::vector<std::string> worse = told({0, 1, 2, 3, 4, 5, 6}, {});
  CHECK(has(worse.at(0), "has error 87.50 points lower than ram (one sample): it is better on these runs;"));
  CHECK(has(worse.at(1), "it is worse than its control random on these runs (significant over items, seeds unknown)."));
  const std::vector<std::string> unsure = told({0, 1}, {1, 2, 3});
  CHECK(has(unsure.at(0), "has error 12.50 points higher than ram (one sample): it is nominally worse;"));
  CHECK(has(unsure.at(1), "it is not shown to differ from its control random (not significant)."));
}

TEST_CASE("attention that stays uniform is told from attention that does not", "[compare]") {
  const double all = std::log(196.0);
  CHECK(attention_verdict(all, all) == "has not moved away from uniform");
  CHECK(attention_verdict(std::log(187.0), all) == "has not moved away from uniform");
  CHECK(attention_verdict(std::log(150.0), all) == "has moved a little");
  CHECK(attention_verdict(std::log(98.0), all + 1e-12) == "has moved away from uniform");
}

TEST_CASE("a comparison is drawn, with curves, predictions and seeds or without", "[compare]") {
  const TempFolder folder;
  const std::vector<fs::path> runs = write_ram(folder);
  const std::string png = draw_comparison(compare(runs), 1);
  CHECK(png.starts_with("\x89PNG"));
  for (const fs::path& run : runs) {
    fs::remove(run / "metrics.jsonl");
    fs::remove(run / "predictions.jsonl");
  }
  CHECK(draw_comparison(compare({runs[0], runs[2]}), 1) != png);
}
