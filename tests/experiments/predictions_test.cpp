#include "experiments/predictions.hpp"

#include <memory>

#include "core/errors.hpp"
#include "experiments/run_result.hpp"
#include "tests/experiments/tiny.hpp"
#include "tests/support/caption_worlds.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/messages.hpp"

using namespace saccade;
using namespace saccade::experiments;
using namespace saccade::tests;

namespace {

std::vector<ModeResult> train(const std::filesystem::path& folder, const Overrides& overrides = {},
                              std::size_t threads = 1) {
  Experiment experiment = tiny_experiment(overrides);
  RunDirectory run = std::filesystem::exists(folder) ? RunDirectory::open(folder) : RunDirectory::create(folder);
  return run_experiment(experiment, run, {"a test", threads, {}}, {});
}

}  // namespace

TEST_CASE("a run leaves what each episode came to", "[run][predictions]") {
  const TempFolder folder;
  const std::vector<ModeResult> results = train(folder / "run");
  const std::vector<Predictions> left = read_predictions(folder / "run/predictions.jsonl");
  REQUIRE(left.size() == results.size());
  for (std::size_t i = 0; i < left.size(); ++i) {
    CHECK(left[i] == predictions_of(results[i], nullptr));
    CHECK(left[i].wrong.size() == results[i].result.wrong);
    CHECK(left[i].answers.size() == results[i].result.wrong);
    CHECK(left[i].episodes == 64);
  }
}

TEST_CASE("what episodes came to has the same bytes for any number of threads, and for a run that was finished before",
          "[run][predictions]") {
  const TempFolder folder;
  train(folder / "one");
  train(folder / "two", {}, 2);
  const std::string bytes = folder.read("one/predictions.jsonl");
  CHECK(folder.read("two/predictions.jsonl") == bytes);
  std::filesystem::remove(folder / "two/predictions.jsonl");
  const std::string record = folder.read("two/run.json");
  train(folder / "two");
  CHECK(folder.read("two/predictions.jsonl") == bytes);
  CHECK(folder.read("two/run.json") == record);
}

TEST_CASE("of a game it is known which episodes were lost", "[run][predictions]") {
  const TempFolder folder;
  const std::vector<ModeResult> results = train(folder / "run", tiny_catch);
  const std::vector<Predictions> left = read_predictions(folder / "run/predictions.jsonl");
  REQUIRE(left.size() == results.size());
  CHECK(left.back().wrong.size() == results.back().result.wrong);
  CHECK(left.back().answers.empty());
}

TEST_CASE("captions are kept as numbers and, on test, as words", "[predictions]") {
  const NoiseCaptions world;
  const std::vector<std::uint32_t> dog{world.vocabulary().number("a"), world.vocabulary().number("dog")};
  ModeResult result{"test", "greedy", 1, {1, 0}};
  result.result.actions = {rl::Actions(dog.begin(), dog.end())};
  CHECK(predictions_of(result, world.judge()).texts == std::vector<std::string>{"a dog"});
  result.split = "validation";
  CHECK(predictions_of(result, world.judge()).texts.empty());
  const TempFolder folder;
  folder.write("config.toml", "");
  const RunDirectory run = RunDirectory::open(folder.path());
  write_predictions(run, {result}, world.judge());
  CHECK(read_predictions(run.predictions()).front() == predictions_of(result, world.judge()));
}

TEST_CASE("predictions that no run left are named with their line", "[predictions][error]") {
  const TempFolder folder;
  const std::string good = R"({"split":"test","mode":"m","samples":1,"episodes":3,"wrong":[1]})";
  const auto complaint = [&](const std::string& line) {
    const auto path = folder.write("predictions.jsonl", good + "\n" + line + "\n");
    return message_of<IoError>([&] { static_cast<void>(read_predictions(path)); });
  };
  CHECK(has(complaint("{"), "predictions.jsonl:2: is not what a run leaves"));
  CHECK(has(complaint(R"({"split":"test","mode":"m","samples":1,"episodes":3})"), ":2: "));
  CHECK(has(complaint(R"({"split":"test","mode":"m","samples":1,"episodes":3,"wrong":[3]})"), "ascending episodes"));
  CHECK(has(complaint(R"({"split":"test","mode":"m","samples":1,"episodes":3,"wrong":[2,1]})"), "ascending episodes"));
  CHECK(has(complaint(R"({"split":"test","mode":"m","samples":1,"episodes":3,"wrong":[2],"answers":[1,2]})"),
            "answers must be as many as wrong"));
  CHECK(has(complaint(R"({"split":"test","mode":"m","samples":1,"episodes":3,"actions":[[1]]})"),
            "a list for each episode"));
}
