#include "experiments/table.hpp"

#include <fmt/format.h>

#include "core/errors.hpp"
#include "core/io/file.hpp"
#include "experiments/experiment.hpp"
#include "experiments/summary.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/messages.hpp"
#include "tests/support/temp_folder.hpp"

namespace {

using namespace saccade;
using namespace saccade::experiments;
using tests::has;
using tests::message_of;

const std::string config_text = "[agent]\nglimpses = 5\n";

/// A finished run of the configuration at `config`, as its files tell it.
void write_run(const tests::TempFolder& folder, const std::string& name, const std::filesystem::path& config,
               std::uint64_t seed, double error) {
  folder.write(name + "/config.toml", Experiment(ConfigTree::load(config), seed).to_toml());
  folder.write(name + "/run.json", fmt::format(R"({{"seed": {}, "wall_seconds": 100, "sessions": []}})", seed));
  folder.write(name + "/evaluation.json",
               fmt::format(R"({{"results": [{{"split": "test", "mode": "mean location", "error": {}}}]}})", error));
}

std::string table_text(const std::string& config) {
  return fmt::format(
      "title = \"Errors\"\npublished = [\"v1\", \"v2\"]\n"
      "[[row]]\nname = \"Five, \\\"quoted\\\"\"\nconfig = \"{}\"\nseeds = [0, 1]\npublished = [\"1.5\", \"–\"]\n",
      config);
}

}  // namespace

TEST_CASE("a table shows what was published beside what the runs say", "[table]") {
  const tests::TempFolder folder;
  const auto config = folder.write("five.toml", config_text);
  const Table table = load_table(folder.write("errors.table", table_text(config.string())));
  write_run(folder, "runs/a", config, 0, 0.01);
  write_run(folder, "runs/b", config, 1, 0.03);
  folder.write("runs/b/run.json", R"({"seed": 1, "wall_seconds": 100, "sessions": [{"commit": "c0ffee",
    "uncommitted_changes": true, "images": 1, "training_seconds": 1, "threads": 1, "cpu": "a"}]})");
  write_run(folder, "runs/another-seed", config, 2, 0.5);
  folder.write("runs/unfinished/config.toml", "");
  folder.write("runs/other/config.toml", "no run");
  const RunIndex runs({folder / "runs", folder / "absent"});
  CHECK(table_as_markdown(table, runs) ==
        "Errors\n\n| row | v1 | v2 | mean location | seeds | wall seconds |\n|---|--:|--:|--:|--:|--:|\n"
        "| Five, \"quoted\" | 1.5 | – | 2.00 ± 12.71 | 2 of 2 | 100 |\n\n"
        "Ours: mean over seeds ± half the 95 % interval of the mean (Student's t), by the way of testing.\n\n"
        "The runs, with the commits that trained them:\n\n- Five, \"quoted\": a, b (c0ffee+)\n");
  CHECK(table_as_csv(table, runs) ==
        "row,v1,v2,mean location,seeds,wall seconds,runs\n"
        "\"Five, \"\"quoted\"\"\",1.5,–,2.00 ± 12.71,2 of 2,100,\"a, b (c0ffee+)\"\n");
}

TEST_CASE("a finished run that cannot be read is told, one of another version passed over", "[table]") {
  const tests::TempFolder folder;
  const auto config = folder.write("five.toml", config_text);
  write_run(folder, "runs/a", config, 0, 0.01);
  folder.write("runs/a/run.json", "{");
  CHECK(has(message_of<IoError>([&] { RunIndex({folder / "runs"}); }), (folder / "runs/a/run.json").string()));
  write_run(folder, "runs/a", config, 0, 0.01);
  folder.write("runs/a/config.toml", "[agent]\nglimpses = 5\ngone = 1\n");
  folder.write("runs/b/evaluation.json", "{}");
  const RunIndex index({folder / "runs"});
  REQUIRE(index.passed_over().size() == 2);
  CHECK(has(index.passed_over()[0], "gone"));
  CHECK(has(index.passed_over()[1], "runs/b: it has no config.toml"));
}

TEST_CASE("a record whose files have different seeds is no sample", "[table]") {
  const tests::TempFolder folder;
  const auto config = folder.write("five.toml", config_text);
  write_run(folder, "runs/a", config, 0, 0.01);
  folder.write("runs/a/run.json", R"({"seed": 7, "wall_seconds": 100, "sessions": []})");
  CHECK(has(message_of<IoError>([&] { RunIndex({folder / "runs"}); }), "run.json has the seed 7, config.toml 0"));
}

TEST_CASE("what a run reached is told in the mode that chose its parameters", "[table]") {
  const tests::TempFolder folder;
  const auto config = folder.write("five.toml", config_text);
  write_run(folder, "a", config, 0, 0.01);
  folder.write("a/evaluation.json", R"({"results": [
    {"split": "validation", "mode": "mean location", "error": 0.03}, {"split": "validation", "mode": "m", "error": 1},
    {"split": "test", "mode": "mean location", "error": 0.02}, {"split": "test", "mode": "m", "error": 1}]})");
  CHECK(outcome_of(RunDirectory::open(folder / "a")) == "test  mean location  error 2.00 %");
  folder.write("a/evaluation.json", R"({"results": [
    {"split": "validation", "mode": "greedy", "error": 1, "measures": {"bleu-4": 0.25, "bleu-1": 1}}]})");
  CHECK(outcome_of(RunDirectory::open(folder / "a")) == "validation  greedy  bleu-4 25.00 %");
}

TEST_CASE("runs on different data share no row", "[table]") {
  const tests::TempFolder folder;
  const auto config = folder.write("five.toml", config_text);
  const Table table = load_table(folder.write("errors.table", table_text(config.string())));
  write_run(folder, "runs/a", config, 0, 0.01);
  write_run(folder, "runs/b", config, 1, 0.03);
  folder.write("runs/a/data.txt", "1234  images\n");
  CHECK_NOTHROW(table_as_markdown(table, RunIndex({folder / "runs"})));  // of an earlier version, which does not know
  folder.write("runs/b/data.txt", "5678  images\n");
  CHECK(message_of<IoError>([&] { (void)table_as_markdown(table, RunIndex({folder / "runs"})); }) ==
        (folder / "runs/a").string() + " and " + (folder / "runs/b").string() +
            " are runs on different data, as their data.txt say");
  CHECK_THROWS_AS(rows_of({folder / "runs/a", folder / "runs/b"}), IoError);
}

TEST_CASE("a table of measures shows them in the mode of each row", "[table]") {
  const tests::TempFolder folder;
  const auto config = folder.write("five.toml", config_text);
  const std::string row =
      fmt::format("[[row]]\nname = \"Soft\"\nconfig = \"{}\"\nseeds = [0]\npublished = [\"67\"]\n", config.string());
  const std::string head =
      "title = \"BLEU\"\npublished = [\"BLEU-1\"]\nmeasures = [\"bleu-1\", \"attention_entropy\", \"places_read\"]\n"
      "note = \"Another *encoder*.\"\n";
  write_run(folder, "runs/a", config, 0, 1);
  folder.write("runs/a/evaluation.json", R"({"results": [
    {"split": "test", "mode": "greedy", "error": 1, "measures": {"bleu-1": 0.5}, "attention": {"attention_entropy": 3,
     "places_read": 49}},
    {"split": "test", "mode": "beam of 2", "error": 1, "measures": {"bleu-1": 0.625}}]})");
  const RunIndex runs({folder / "runs"});
  const auto shown = [&](const std::string& mode) {
    return table_as_csv(load_table(folder.write("bleu.table", head + row + "mode = \"" + mode + "\"\n")), runs);
  };
  const std::string first =
      "row,BLEU-1,ours: bleu-1,ours: attention_entropy,ours: places_read,seeds,wall seconds,runs\n";
  CHECK(shown("greedy") == first + "Soft,67,50.00,3.00,49.00,1 of 1,100,a\n");
  CHECK(shown("beam of 2") == first + "Soft,67,62.50,–,–,1 of 1,100,a\n");
  CHECK(message_of<ConfigError>([&] { (void)shown("beam of 3"); }) ==
        "row Soft: no run was tested in mode beam of 3; did you mean beam of 2?; there are greedy, beam of 2");
  const auto misspelt = load_table(folder.write(
      "x.table", "title = \"X\"\npublished = [\"BLEU-1\"]\nmeasures = [\"bleu1\"]\n" + row + "mode = \"greedy\"\n"));
  CHECK(message_of<ConfigError>([&] { (void)table_as_csv(misspelt, runs); }) ==
        "measures: no run has bleu1; did you mean bleu-1?; there are attention_entropy, bleu-1, places_read");
  const auto noted = load_table(folder.write("bleu.table", head + row + "mode = \"greedy\"\n"));
  CHECK(table_as_markdown(noted, runs)
            .ends_with("by the way of testing.\n\nAnother *encoder*.\n\n"
                       "The runs, with the commits that trained them:\n\n- Soft: a\n"));
  CHECK_THROWS_AS(load_table(folder.write("bleu.table", head + row)), ConfigError);
  const auto drawn = [&](const std::string& picture) {
    const std::string text = head + "picture = [\"" + picture + "\"]\n" + row + "mode = \"greedy\"\n";
    return row_chart_of(load_table(folder.write("bleu.table", text)), runs);
  };
  CHECK(drawn("bleu-1").series.size() == 2);
  CHECK_FALSE(drawn("bleu-1").logarithmic);
  CHECK(drawn("attention_entropy").series.empty());  // no share
  CHECK_THROWS_AS(drawn("bleu-2"), ConfigError);
}

TEST_CASE("rows without runs keep their place", "[table]") {
  const tests::TempFolder folder;
  const auto config = folder.write("five.toml", config_text);
  const Table table = load_table(folder.write("errors.table", table_text(config.string())));
  CHECK(has(table_as_markdown(table, RunIndex({})), "| Five, \"quoted\" | 1.5 | – | 0 of 2 | – |"));
}

TEST_CASE("a file that is no table is told with its line", "[table]") {
  const tests::TempFolder folder;
  const auto message = [&](const std::string& text) {
    const auto path = folder.write("x.table", text);
    return message_of<ConfigError>([&] { (void)load_table(path); });
  };
  CHECK(has(message("title = 3"), "x.table:1: title must be a string"));
  CHECK(has(message("title = \"a\""), "published must be a list of strings"));
  CHECK(has(message("title = \"a\"\npublished = []"), "row must be a list of tables"));
  CHECK(has(message("title = \"a\"\npublished = [\"v1\"]\n[[row]]\nname = \"n\"\nconfig = \"c\"\nseeds = [0]\n"
                    "published = []"),
            "x.table:3: published must be one figure for each version of the paper"));
  CHECK(has(message("title = \"a\"\npublished = []\n[[row]]\nname = \"n\"\nconfig = \"c\"\nseeds = [0, 0]\n"
                    "published = []"),
            "x.table:3: seeds must be different numbers, one or more"));
  CHECK(has(message("title = \"a\"\npublished = []\n[[row]]\nname = \"n\"\nconfig = \"c\"\nseeds = []\npublished = []"),
            "x.table:3: seeds must be different numbers, one or more"));
  const auto row = [](const std::string& rest) {
    return "title = \"a\"\npublished = [\"v1\"]\n[[row]]\nname = \"n\"\nconfig = \"c\"\nseeds = [0]\n" + rest + "\n";
  };
  CHECK(
      has(message(row("published = [\"1\"]\nglimpses = -1")), "x.table:3: glimpses must be a whole number, 0 or more"));
  CHECK(has(message(row("published = [\"about 1\"]")), "x.table:3: published must be numbers, or \"–\" where a paper"));
  CHECK(has(message(row("published = [\"nan\"]")), "x.table:3: published must be numbers"));
  CHECK(has(message(row("published = [\"1\"]\nmode = \"m\"")),
            "x.table:3: mode must be left out: the table has no measures"));
  const std::string twice = row("published = [\"1\"]");
  CHECK(has(message(twice + twice.substr(twice.find("[[row]]"))), "x.table:8: name must be that of no other row"));
  CHECK(has(message("title = "), "x.table:1: "));
  CHECK(has(message("title = \"a\"\nnotes = \"b\""), "x.table:2: notes is no key of a table; did you mean note?"));
  CHECK(has(message("title = \"a\"\npublished = []\n[[row]]\nglimpse = 6"),
            "x.table:4: glimpse is no key of a table; did you mean glimpses?"));
}

TEST_CASE("error is drawn against glimpses where rows say how many they have", "[table]") {
  const Table with = load_table(find_table("mnih2014/table2a"));
  const RunIndex runs({std::filesystem::path(SACCADE_SOURCE_DIR) / "results/mnih2014/runs"});
  CHECK(has_glimpses(with));
  CHECK(with.rows.at(4).glimpses == 4);
  CHECK(draw_line_chart(line_chart_of(with, runs)).starts_with("\x89PNG"));
  CHECK_FALSE(has_glimpses(load_table(find_table("mnih2014/catch"))));
}

TEST_CASE("pictures of a table show its figures where they belong", "[table]") {
  const tests::TempFolder folder;
  const auto five = folder.write("five.toml", config_text);
  const auto six = folder.write("six.toml", "[agent]\nglimpses = 6\n");
  const auto row = [](const std::string& name, const std::string& config, const std::string& glimpses) {
    return fmt::format("[[row]]\nname = \"{}\"\nconfig = \"{}\"\nseeds = [0]\npublished = [\"4\", \"–\"]\n{}\n", name,
                       config, glimpses);
  };
  const Table table = load_table(folder.write(
      "x.table", "title = \"Errors\"\npublished = [\"v1\", \"v2\"]\n" + row("five", five.string(), "glimpses = 5") +
                     row("six", six.string(), "glimpses = 6") + row("network", six.string(), "")));
  write_run(folder, "runs/a", five, 0, 0.01);
  write_run(folder, "runs/b", six, 0, 0.03);
  const RunIndex runs({folder / "runs"});
  const RowChart bars = row_chart_of(table, runs);
  REQUIRE(bars.series.size() == 3);
  CHECK(bars.axis == "test error, %");
  CHECK(row_chart_of(load_table(find_table("mnih2014/catch")), runs).axis == "games lost, %");
  CHECK(bars.series[2].name == "ours, mean location");
  REQUIRE(bars.rows.size() == 3);
  REQUIRE(bars.rows[1].marks.size() == 2);
  CHECK(bars.rows[1].marks[0].series == 0);
  CHECK(bars.rows[1].marks[0].value == 4);
  CHECK(bars.rows[1].marks[1].series == 2);
  CHECK(bars.rows[1].marks[1].value == 3);
  const LineChart lines = line_chart_of(table, runs);
  REQUIRE(lines.points.size() == 4);
  CHECK(lines.points[1].series == 2);
  CHECK(lines.points[1].x == 5);
  CHECK(lines.points[1].value == 1);
  REQUIRE(lines.levels.size() == 1);
  CHECK(lines.levels[0].name == "network");
  CHECK(lines.levels[0].value == 3);
  CHECK(lines.levels[0].series == 2);
}

TEST_CASE("columns and colours follow the row with most ways of testing", "[table]") {
  const tests::TempFolder folder;
  const auto control = folder.write("control.toml", config_text);
  const auto learned = folder.write("learned.toml", "[agent]\nglimpses = 6\n");
  const auto row = [](const std::string& config, const std::string& glimpses) {
    return fmt::format("[[row]]\nname = \"{0}|\"\nconfig = \"{1}\"\nseeds = [0]\npublished = []\n{0}\n", glimpses,
                       config);
  };
  const Table table =
      load_table(folder.write("x.table", "title = \"Errors\"\npublished = []\n" + row(control.string(), "") +
                                             row(learned.string(), "glimpses = 6")));
  write_run(folder, "runs/a", control, 0, 0);
  folder.write("runs/a/evaluation.json", R"({"results": [{"split": "test", "mode": "one sample", "error": 0.04}]})");
  write_run(folder, "runs/b", learned, 0, 0);
  folder.write("runs/b/evaluation.json", R"({"results": [{"split": "test", "mode": "mean location", "error": 0.01},
    {"split": "test", "mode": "one sample", "error": 0.02}]})");
  const RunIndex runs({folder / "runs"});
  CHECK(table_as_csv(table, runs) ==
        "row,mean location,one sample,seeds,wall seconds,runs\n|,–,4.00,1 of 1,100,a\n"
        "glimpses = 6|,1.00,2.00,1 of 1,100,b\n");
  CHECK(has(table_as_markdown(table, runs), "\n| glimpses = 6\\| | 1.00 |"));
  const LineChart lines = line_chart_of(table, runs);
  REQUIRE(lines.levels.size() == 1);
  CHECK(lines.series.at(lines.levels[0].series).name == "ours, one sample");
}

TEST_CASE("the published tables are what the published records say", "[table]") {
  const std::filesystem::path results = std::filesystem::path(SACCADE_SOURCE_DIR) / "results";
  for (const std::string& name : table_names()) {
    INFO(name << ": make it anew with scripts/results");
    const RunIndex runs({results / std::filesystem::path(name).parent_path() / "runs"});
    const Table table = load_table(find_table(name));
    CHECK(io::read_file(results / (name + ".md")) == table_as_markdown(table, runs));
    CHECK(io::read_file(results / (name + ".csv")) == table_as_csv(table, runs));
  }
}

TEST_CASE("the tables that come along name configurations that there are", "[table]") {
  REQUIRE_FALSE(table_names().empty());
  for (const std::string& name : table_names()) {
    for (const TableRow& row : load_table(find_table(name)).rows) {
      INFO(name << ": " << row.name);
      CHECK_FALSE(seedless_configuration(find_config(row.config)).empty());
    }
  }
  CHECK(has(message_of<IoError>([] { (void)find_table("table9"); }), "table9: there is no such table; there are "));
}
