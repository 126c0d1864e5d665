#include "experiments/summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/errors.hpp"
#include "core/io/file.hpp"
#include "experiments/experiment.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/messages.hpp"
#include "tests/support/temp_folder.hpp"

namespace {

using namespace saccade;
using namespace saccade::experiments;
using tests::has;

std::string session(int seconds, int images, const std::string& commit) {
  return fmt::format(R"({{"training_seconds": {}, "images": {}, "threads": 2, "cpu": "X", "commit": "{}", )"
                     R"("uncommitted_changes": true}})",
                     seconds, images, commit);
}

/// A finished run as its files tell it, without training.
void write_run(const std::filesystem::path& folder, std::uint64_t seed, double error, const std::string& setting,
               const std::vector<std::string>& modes = {"mean location", "one sample"}) {
  std::filesystem::create_directories(folder);
  ConfigTree tree;
  tree.set(setting);
  io::write_atomically(folder / "config.toml", Experiment(tree, seed).to_toml());
  io::write_atomically(
      folder / "run.json",
      fmt::format(R"({{"seed": {}, "wall_seconds": 100, "sessions": [{}, {}, {}]}})", seed, session(60, 480000, "abc"),
                  session(40, 420000, "def"), session(0, 0, "evaluated only")));
  std::string results;
  for (const char* split : {"validation", "test"}) {
    for (const std::string& mode : modes) {
      const double value = std::string(split) == "test" ? error : 0.9;
      results += fmt::format(R"({}{{"split": "{}", "mode": "{}", "error": {}}})", results.empty() ? "" : ",", split,
                             mode, value);
    }
  }
  io::write_atomically(folder / "evaluation.json", fmt::format(R"({{"results": [{}]}})", results));
}

}  // namespace

TEST_CASE("the interval over seeds is Student's", "[experiments][summary]") {
  const SeedStatistics s = seed_statistics({1.0, 2.0, 3.0});
  CHECK(s.n == 3);
  CHECK(std::abs(s.mean - 2.0) < 1e-12);
  CHECK(std::abs(s.half_width - 4.303 / std::sqrt(3.0)) < 1e-12);
  CHECK(seed_statistics({5.0}).half_width == 0);
  std::vector<double> values(20, 0.0);
  values.resize(40, 2.0);  // deviation sqrt(40/39); t with 39 degrees of freedom is 2.0227
  CHECK(std::abs(seed_statistics(values).half_width - 2.0227 / std::sqrt(39.0)) < 1e-4);
  CHECK_THROWS_AS(static_cast<void>(seed_statistics({})), ArgumentError);
}

TEST_CASE("values that differ by rounding alone have no interval", "[experiments][summary]") {
  CHECK(statistics_cell({std::log(49.0), std::log(49.0) * (1 + 1e-15)}) == "3.89");
  CHECK(statistics_cell({1, 3}) == "2.00 ± 12.71");
}

TEST_CASE("runs that differ only in the seed share a row", "[experiments][summary]") {
  const tests::TempFolder folder;
  write_run(folder.path() / "six-seed0", 0, 0.01, "agent.glimpses=6");
  write_run(folder.path() / "six-seed1", 1, 0.03, "agent.glimpses=6");
  write_run(folder.path() / "two-seed0", 0, 0.05, "agent.glimpses=2");
  const std::string table =
      summarise_runs({folder.path() / "six-seed0", folder.path() / "six-seed1", folder.path() / "two-seed0"});
  CHECK(has(table, "| six | 2 | 2.00 ± 12.71 | 2.00 ± 12.71 | 100 | 9000 | 2 | X | abc+, def+ |"));
  CHECK(has(table, "| two | 1 | 5.00 |"));
}

TEST_CASE("a mode that an agent lacks is a dash", "[experiments][summary]") {
  const tests::TempFolder folder;
  write_run(folder.path() / "learned", 0, 0.01, "agent.locations=learned");
  write_run(folder.path() / "random", 0, 0.05, "agent.locations=random", {"one sample", "10 samples averaged"});
  const std::string table = summarise_runs({folder.path() / "learned", folder.path() / "random"});
  CHECK(has(table, "| run | seeds | mean location | one sample | 10 samples averaged | wall seconds |"));
  CHECK(has(table, "| learned | 1 | 1.00 | 1.00 | – | 100 |"));
  CHECK(has(table, "| random | 1 | – | 5.00 | 5.00 | 100 |"));
}

TEST_CASE("one seed counts once and names stay apart", "[experiments][summary]") {
  const tests::TempFolder folder;
  write_run(folder.path() / "a-seed0", 0, 0.01, "agent.glimpses=6");
  write_run(folder.path() / "a-seed0-2", 0, 0.01, "agent.glimpses=6");
  write_run(folder.path() / "a-seed1", 1, 0.01, "agent.glimpses=3");
  const auto twice = [&] {
    static_cast<void>(summarise_runs({folder.path() / "a-seed0", folder.path() / "a-seed0-2"}));
  };
  CHECK(has(tests::message_of<ArgumentError>(twice), "with the same seed"));
  const std::string table = summarise_runs({folder.path() / "a-seed0", folder.path() / "a-seed1"});
  CHECK(has(table, "a-seed0 |"));
  CHECK(has(table, "a-seed1 |"));
}

TEST_CASE("a file that no run left is named", "[experiments][summary][error]") {
  const tests::TempFolder folder;
  write_run(folder.path() / "run", 0, 0.01, "agent.glimpses=6");
  folder.write("run/evaluation.json", R"({"results": 3})");
  const auto summarise = [&] { static_cast<void>(summarise_runs({folder.path() / "run"})); };
  CHECK(has(tests::message_of<IoError>(summarise), "evaluation.json: is not what a run leaves"));
  folder.write("run/evaluation.json", R"({"results": [)");
  CHECK(has(tests::message_of<IoError>(summarise), "evaluation.json: is not what a run leaves: parse error at line 1"));
  const auto told = [&](const char* numbers) {
    folder.write("run/evaluation.json",
                 fmt::format(R"({{"results": [{{"split": "test", "mode": "one sample", {}}}]}})", numbers));
    return tests::message_of<IoError>(summarise);
  };
  CHECK(has(told(R"("error": 14.2)"), "is not what a run leaves: an error of 14.2"));
  CHECK(has(told(R"("error": 0.5, "wrong": 3, "episodes": 10)"), "3 of 10 wrong, but an error of 0.5"));
  CHECK(has(told(R"("error": 0.5, "wrong": 0, "episodes": 0)"), "0 of 0 wrong, but an error of 0.5"));
}

TEST_CASE("runs that a judge decided on are summarised by what chose their parameters", "[experiments][summary]") {
  const tests::TempFolder folder;
  write_run(folder.path() / "run", 0, 0.01, "agent.glimpses=6");
  folder.write("run/evaluation.json",
               R"({"results": [{"split": "test", "mode": "greedy", "error": 1, "measures": {"bleu-4": 0.195}}]})");
  CHECK(has(summarise_runs({folder.path() / "run"}), "| 1 | bleu-4 19.50 |"));
}

TEST_CASE("the published table is what the published records say", "[experiments][summary]") {
  const auto published = std::filesystem::path(SACCADE_SOURCE_DIR) / "results/mnih2014";
  std::vector<std::filesystem::path> runs;
  for (const auto& entry : std::filesystem::directory_iterator(published / "runs")) runs.push_back(entry.path());
  std::sort(runs.begin(), runs.end());
  const std::string text = summarise_runs(runs);
  CHECK(has(io::read_file(published / "README.md"), text.substr(0, text.find("\n\n"))));
}

TEST_CASE("a run that has not finished is named", "[experiments][summary][error]") {
  const tests::TempFolder folder;
  write_run(folder.path() / "run", 0, 0.01, "agent.glimpses=6");
  std::filesystem::remove(folder.path() / "run" / "evaluation.json");
  const auto summarise = [&] { static_cast<void>(summarise_runs({folder.path() / "run"})); };
  CHECK(has(tests::message_of<IoError>(summarise), "evaluation.json"));
}
