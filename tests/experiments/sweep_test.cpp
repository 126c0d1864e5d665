#include "experiments/sweep.hpp"

#include <fmt/format.h>

#include "core/errors.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/messages.hpp"
#include "tests/support/temp_folder.hpp"

using namespace saccade;
using namespace saccade::experiments;
using tests::has;
using tests::message_of;

namespace {

SweepPlan plan_of(std::vector<GridAxis> grid, std::vector<RandomAxis> random, std::size_t draws = 2) {
  SweepPlan plan;
  plan.config = "quickstart";
  plan.overrides = {"trainer.epochs=3"};
  plan.grid = std::move(grid);
  plan.random = std::move(random);
  plan.draws = draws;
  plan.seeds = {0, 7};
  return plan;
}

/// A run that reached `result` on validation.
void write_run(const tests::TempFolder& folder, const WantedRun& run, const std::string& result,
               const std::string& mode = "mean") {
  folder.write(run.name + "/config.toml", configuration_of(run));
  folder.write(run.name + "/run.json", R"({"wall_seconds": 10})");
  folder.write(run.name + "/evaluation.json",
               fmt::format(R"({{"results": [{{"split": "validation", "mode": "{}", {}}}]}})", mode, result));
}

}  // namespace

TEST_CASE("a grid has every combination, the last axis fastest", "[sweep]") {
  const std::vector<Trial> trials = trials_of(plan_of({{"agent.core", {"rnn", "lstm"}}, {"a.b", {"1", "2", "3"}}}, {}));
  REQUIRE(trials.size() == 6);
  CHECK(trials[1].settings == std::vector<Assignment>{{"agent.core", "rnn"}, {"a.b", "2"}});
  CHECK(trials[5].settings == std::vector<Assignment>{{"agent.core", "lstm"}, {"a.b", "3"}});
  REQUIRE(trials[5].runs.size() == 2);
  CHECK(trials[5].runs[1].name == "core=lstm,b=3-seed7");
  CHECK(trials[5].runs[1].seed == 7);
  CHECK(trials[5].runs[1].overrides == std::vector<std::string>{"trainer.epochs=3", "agent.core=lstm", "a.b=3"});
}

TEST_CASE("draws lie in their interval and do not depend on their number", "[sweep]") {
  const RandomAxis rate = parse_random_axis("trainer.schedule.rate=log:1e-4:1e-2");
  const RandomAxis units = parse_random_axis("agent.hidden=int:64:512");
  const std::vector<Trial> few = trials_of(plan_of({}, {rate, units}, 3));
  const std::vector<Trial> many = trials_of(plan_of({}, {rate, units}, 200));
  REQUIRE(few.size() == 3);
  REQUIRE(many.size() == 200);
  std::size_t low_half = 0;
  for (std::size_t i = 0; i < few.size(); ++i) CHECK(few[i].settings == many[i].settings);
  for (const Trial& trial : many) {
    const double drawn = std::stod(trial.settings[0].second);
    const int hidden = std::stoi(trial.settings[1].second);
    CHECK((drawn >= 1e-4 && drawn <= 1e-2));
    CHECK((hidden >= 64 && hidden <= 512));
    CHECK(trial.settings[1].second == std::to_string(hidden));
    low_half += drawn < 1e-3 ? 1U : 0U;
  }
  CHECK(low_half > 70);
  CHECK(low_half < 130);
}

TEST_CASE("each point of a grid is tried with the same draws", "[sweep]") {
  const std::vector<Trial> trials = trials_of(plan_of({{"a", {"1", "2"}}}, {{"b", 0, 1, false, false}}));
  REQUIRE(trials.size() == 4);
  CHECK(trials[0].settings[1] == trials[2].settings[1]);
  CHECK(trials[0].settings[1] != trials[1].settings[1]);
}

TEST_CASE("axes that cannot be read are told in a sentence", "[sweep]") {
  const auto grid = [](const char* text) { return message_of<ConfigError>([&] { (void)parse_grid_axis(text); }); };
  const auto random = [](const char* text) { return message_of<ConfigError>([&] { (void)parse_random_axis(text); }); };
  CHECK(grid("agent.core") == "agent.core: expected KEY=VALUE,VALUE,...");
  CHECK(has(grid("=3"), "expected KEY="));
  CHECK(has(grid("a="), "expected KEY="));
  CHECK(has(random("a=1"), "a=1: expected KEY=LOW:HIGH"));
  CHECK(has(random("a=2:1"), "LOW below HIGH"));
  CHECK(has(random("a=one:2"), "LOW below HIGH"));
  CHECK(has(random("a=1:2:3"), "expected KEY=LOW:HIGH"));
  CHECK(has(random("a=log:0:1"), "LOW must be above 0"));
  CHECK(has(message_of<ConfigError>([] {
              (void)trials_of(plan_of({{"a", {"1"}}, {"a", {"2"}}}, {}));
            }),
            "a is given by two axes"));
  CHECK(has(message_of<ConfigError>([] { (void)trials_of(plan_of({}, {})); }), "name what to vary"));
}

TEST_CASE("equal draws are one trial, and each whole number is as likely", "[sweep]") {
  const RandomAxis units = parse_random_axis("agent.glimpses=int:1:3");
  CHECK(trials_of(plan_of({}, {units}, 100)).size() == 3);
  CHECK(trials_of(plan_of({{"a", {"1", "1"}}}, {})).size() == 1);
}

TEST_CASE("what would count one sample twice is refused", "[sweep]") {
  const auto refusal = [](const SweepPlan& plan) { return message_of<ConfigError>([&] { (void)trials_of(plan); }); };
  SweepPlan plan = plan_of({{"a", {"1"}}}, {});
  plan.seeds = {0, 1, 0};
  CHECK(has(refusal(plan), "a seed is given twice"));
  CHECK(has(refusal(plan_of({{"seed", {"1", "2"}}}, {})), "by --seeds"));
  plan = plan_of({{"a", {"1"}}}, {});
  plan.overrides = {"seed=5"};
  CHECK(has(refusal(plan), "by --seeds"));
  plan.overrides = {"a=2"};
  CHECK(has(refusal(plan), "a is given twice, once by --set"));
  plan.overrides = {"b=2", "b=3"};
  CHECK(has(refusal(plan), "b is given twice, once by --set"));
}

TEST_CASE("blanks around values do not count", "[sweep]") {
  const GridAxis axis = parse_grid_axis(" agent.core = rnn , lstm");
  CHECK(axis.key == "agent.core");
  CHECK(axis.values == std::vector<std::string>{"rnn", "lstm"});
}

TEST_CASE("names of runs hold only characters that files can have", "[sweep]") {
  const std::vector<Trial> trials = trials_of(plan_of({{"why", {"a/b c"}}}, {}));
  CHECK(trials[0].runs[0].name == "why=a_b_c-seed0");
  CHECK(trials_of(plan_of({{"why", {std::string(1000, 'x')}}}, {}))[0].runs[0].name.size() < 200);
}

TEST_CASE("trials that lack runs come last", "[sweep]") {
  const tests::TempFolder folder;
  const std::vector<Trial> trials = trials_of(plan_of({{"agent.location_std", {"0.1", "0.2", "0.3"}}}, {}));
  write_run(folder, trials[1].runs[0], R"("error": 0.25)");
  write_run(folder, trials[1].runs[1], R"("error": 0.25)");
  write_run(folder, trials[2].runs[0], R"("error": 0.125)");
  const auto ranking = rank_trials(trials, folder.path(), {{trials[0].runs[1].name, "it burst"}});
  CHECK(ranking[0].trial == &trials[1]);
  CHECK(sweep_as_csv(ranking) ==
        "agent.location_std,\"validation error, %\",seeds,wall seconds\n0.2,25.00,2 of 2,10\n"
        "0.3,12.50,1 of 2,10\n0.1,it burst,0 of 2,–\n");
  CHECK(has(sweep_as_markdown(plan_of({}, {}), ranking), "quickstart with trainer.epochs=3: validation error"));
  CHECK(has(sweep_as_markdown(plan_of({}, {}), ranking), "Mode: mean."));
}

TEST_CASE("a finished run of a sweep that cannot be read is told, not run again", "[sweep]") {
  const tests::TempFolder folder;
  const std::vector<Trial> trials = trials_of(plan_of({{"agent.location_std", {"0.1"}}}, {}));
  const WantedRun& run = trials[0].runs[0];
  write_run(folder, run, R"("error": 0.25)");
  CHECK(finished_run(run, folder.path()));
  CHECK_FALSE(finished_run(trials[0].runs[1], folder.path()));
  folder.write(run.name + "/evaluation.json", "{}");
  CHECK(has(message_of<IoError>([&] { (void)rank_trials(trials, folder.path(), {}); }),
            (folder / run.name / "evaluation.json").string()));
}

TEST_CASE("wanted runs of one name have folders of their own and are found again", "[sweep]") {
  const tests::TempFolder folder;
  const std::string name = "x-seed0";
  const auto wanted = [&](const char* std) {
    return WantedRun{name, "quickstart", {std::string("agent.location_std=") + std}, 0};
  };
  const std::vector<WantedRun> runs{wanted("0.1"), wanted("0.2"), wanted("0.3")};
  TrainingJobOptions options;
  options.folder = folder.path();
  const auto places = [&] {
    std::vector<std::string> all;
    for (const Job& job : training_jobs(runs, options)) {
      const auto out = std::find(job.arguments.begin(), job.arguments.end(), "--out");
      all.push_back(std::filesystem::path(*(out + 1)).filename());
    }
    return all;
  };
  CHECK(places() == std::vector<std::string>{"x-seed0", "x-seed0-2", "x-seed0-3"});
  CHECK(folder.files() == 0);  // nothing is left of looking for places
  folder.write("x-seed0/config.toml", "broken =");
  folder.write("x-seed0-2/config.toml", configuration_of(runs[2]));
  CHECK(places() == std::vector<std::string>{"x-seed0-3", "x-seed0-4", "x-seed0-2"});
  write_run(folder, {"x-seed0-2", "quickstart", runs[2].overrides, 0}, R"("error": 0.25)");
  CHECK(finished_run(runs[2], folder.path()));
  CHECK_FALSE(finished_run(runs[1], folder.path()));
}

TEST_CASE("where a judge decides, trials are ranked by its first measure", "[sweep]") {
  const tests::TempFolder folder;
  const std::vector<Trial> trials = trials_of(plan_of({{"agent.location_std", {"0.1", "0.2"}}}, {}));
  for (const std::size_t i : {0, 1}) {
    write_run(folder, trials[0].runs[i], R"("error": 0.75, "measures": {"bleu-4": 0.25, "bleu-1": 0.75})");
    write_run(folder, trials[1].runs[i], R"("error": 1, "measures": {"bleu-4": 0.5, "bleu-1": 0.625})");
  }
  const auto ranking = rank_trials(trials, folder.path(), {});
  CHECK(sweep_as_csv(ranking) ==
        "agent.location_std,\"validation bleu-4, %\",seeds,wall seconds\n0.2,50.00,2 of 2,10\n"
        "0.1,25.00,2 of 2,10\n");
  const std::string text = sweep_as_markdown(plan_of({}, {}), ranking);
  CHECK(has(text, "trainer.epochs=3: validation bleu-4; the test split"));
  CHECK(has(text, " Mode: mean.\n"));
  for (const std::size_t i : {0, 1}) write_run(folder, trials[1].runs[i], R"("error": 0.1)", "drawn");
  const auto apart = rank_trials(trials, folder.path(), {});
  CHECK(
      sweep_as_csv(apart).starts_with("agent.location_std,\"validation error, %\",seeds,wall seconds,mode\n"
                                      "0.2,10.00,2 of 2,10,drawn\n0.1,"));
  CHECK_FALSE(has(sweep_as_markdown(plan_of({}, {}), apart), "Mode:"));
}
