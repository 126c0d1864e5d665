#include "experiments/run.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "core/errors.hpp"
#include "core/io/sha256.hpp"
#include "experiments/summary.hpp"
#include "tests/experiments/tiny.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/full_disk.hpp"
#include "tests/support/messages.hpp"
#include "tests/support/skip.hpp"
#include "tests/support/small_mnist.hpp"

using namespace saccade;
using namespace saccade::experiments;
using namespace saccade::tests;

namespace {

struct Stopped : std::runtime_error {
  Stopped() : runtime_error("stopped") {}
};

RunCallbacks stop_after(std::size_t epochs) {
  return {{}, [=](const Progress& progress) {
            if (progress.validation && progress.epoch == epochs) throw Stopped();
          }};
}

std::vector<ModeResult> run(RunDirectory folder, const Overrides& overrides, std::size_t threads = 1,
                            const RunCallbacks& callbacks = {}) {
  Experiment experiment = tiny_experiment(overrides);
  return run_experiment(experiment, folder, {"a test", threads, {}}, callbacks);
}

std::size_t lines(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

TEST_CASE("any number of threads gives the same run", "[run]") {
  const TempFolder folder;
  for (const std::size_t threads : {1, 2, 3}) run(RunDirectory::create(folder / std::to_string(threads)), {}, threads);
  CHECK(bytes_of(folder, "2") == bytes_of(folder, "1"));
  CHECK(bytes_of(folder, "3") == bytes_of(folder, "1"));
  run(RunDirectory::create(folder / "other"), {"seed=1"});
  CHECK(bytes_of(folder, "other").checkpoint != bytes_of(folder, "1").checkpoint);
}

TEST_CASE("a run goes on with the data that it began with, and is tested on them", "[run]") {
  const TempFolder folder;
  write_small_mnist(folder, "mnist/");
  const auto options = [&](std::string world = {}) {
    return RunOptions{"a test", 1, {folder.path()}, std::move(world)};
  };
  const auto train = [&](RunDirectory into, const RunCallbacks& callbacks = {}) {
    ConfigTree tree;
    for (const char* setting : {"environment.kind=mnist", "environment.validation=4", "agent.kind=ram",
                                "agent.glimpses=2", "agent.hidden=8", "trainer.epochs=3", "trainer.batch=8"}) {
      tree.set(setting);
    }
    Experiment experiment(tree);
    run_experiment(experiment, into, options(), callbacks);
  };
  CHECK_THROWS_AS(train(RunDirectory::create(folder / "run"), stop_after(1)), Stopped);
  const RunDirectory run = RunDirectory::open(folder / "run");
  CHECK(lines(folder.read("run/data.txt")) == 4);

  folder.write("mnist/" + std::string(mnist_test_labels), idx_header(1, {3}) + std::string{2, 1, 0});
  const std::string fault = (folder / "run/data.txt").string() +
                            ": the run was trained on other data than the world's: on " +
                            io::sha256_of(std::string{0, 1, 2}) + "  t10k-labels-idx1-ubyte";
  const auto evaluate_it = [&](const std::string& world = {}) {
    return evaluate_run(run, options(world), {rl::Split::test}, {1}).size();
  };
  CHECK(message_of<IoError>([&] { train(RunDirectory::open(folder / "run")); }) == fault);
  CHECK(message_of<IoError>([&] { evaluate_it(); }) == fault);
  CHECK(evaluate_it("digits") > 0);

  write_small_mnist(folder, "mnist/");
  CHECK(evaluate_it() > 0);
  std::filesystem::remove(run.data());  // a run of an earlier version
  train(RunDirectory::open(folder / "run"));
  CHECK_FALSE(std::filesystem::exists(run.data()));
}

TEST_CASE("a run can be tested in another world of the same shape only", "[run]") {
  const TempFolder folder;
  run(RunDirectory::create(folder / "run"), {});
  const RunDirectory trained = RunDirectory::open(folder / "run");
  RunOptions options{"a test", 1, {}, "digits"};
  CHECK(evaluate_run(trained, options, {rl::Split::validation}, {2}).front().result.episodes == 10000);
  options.world = "atari";
  const auto evaluate_it = [&] { evaluate_run(trained, options, {rl::Split::test}, {2}); };
  CHECK(has(message_of<ConfigError>(evaluate_it), "atari is no world; there are digits, mnist, "));
}

TEST_CASE("a run that was stopped and resumed is the undisturbed one", "[run]") {
  const std::string schedule = GENERATE("linear", "plateau");
  const std::string baseline = GENERATE("learned", "moving_average");
  const std::string core = GENERATE("rnn", "lstm");
  Overrides overrides{"trainer.schedule.kind=" + schedule, "agent.baseline=" + baseline, "agent.core=" + core,
                      "agent.rollouts=2"};
  if (schedule == "plateau") overrides.emplace_back("trainer.schedule.patience=1");
  INFO(schedule << " " << baseline << " " << core);
  const TempFolder folder;
  run(RunDirectory::create(folder / "whole"), overrides);
  CHECK_THROWS_AS(run(RunDirectory::create(folder / "cut"), overrides, 2, stop_after(1)), Stopped);
  CHECK_THROWS_AS(run(RunDirectory::open(folder / "cut"), overrides, 1, stop_after(3)), Stopped);
  run(RunDirectory::open(folder / "cut"), overrides);
  CHECK(bytes_of(folder, "cut") == bytes_of(folder, "whole"));
  CHECK(folder.read("cut/evaluation.json") == folder.read("whole/evaluation.json"));
}

TEST_CASE("a run in bfloat16 that was stopped and resumed is the undisturbed one", "[run]") {
  const Precision precision = GENERATE(Precision::bfloat16, Precision::bfloat16_emulated);
  if (skipped(reason_against(precision, product_support()))) return;
  const Overrides overrides{"precision=" + std::string(name(precision))};
  const TempFolder folder;
  run(RunDirectory::create(folder / "whole"), overrides);
  CHECK_THROWS_AS(run(RunDirectory::create(folder / "cut"), overrides, 2, stop_after(2)), Stopped);
  run(RunDirectory::open(folder / "cut"), overrides);
  CHECK(bytes_of(folder, "cut") == bytes_of(folder, "whole"));
  run(RunDirectory::create(folder / "float32"), {});
  CHECK(bytes_of(folder, "float32").checkpoint != bytes_of(folder, "whole").checkpoint);
  const auto products = [&](const std::string& name) {
    return nlohmann::json::parse(folder.read(name + "/run.json")).at("sessions")[0].at("products").get<std::string>();
  };
  const bool emulated = precision == Precision::bfloat16_emulated;
  CHECK(products("whole") == (emulated ? "OpenBLAS on operands rounded to bfloat16" : products_by(precision)));
  CHECK(products("float32") == products_by(Precision::float32));
}

TEST_CASE("a run in bfloat16 is its emulation up to the order of sums", "[run]") {
  if (skipped(reason_against(Precision::bfloat16, product_support()))) return;
  const TempFolder folder;
  const auto first_pass = [&](const std::string& precision) {
    run(RunDirectory::create(folder / precision), {"precision=" + precision});
    const std::string metrics = folder.read(precision + "/metrics.jsonl");
    return nlohmann::json::parse(metrics.substr(0, metrics.find('\n'))).at("validation_cross_entropy").get<double>();
  };
  const double native = first_pass("bfloat16");
  const double from_float32 = std::abs(native - first_pass("float32"));
  CHECK(from_float32 > 1e-5);
  CHECK(std::abs(native - first_pass("bfloat16_emulated")) < 0.2 * from_float32);
}

TEST_CASE("a run in bfloat16 is tested where it could not be trained", "[run]") {
  const TempFolder folder;
  const std::vector<ModeResult> results = run(RunDirectory::create(folder / "run"), {"precision=bfloat16_emulated"});
  folder.write("run/config.toml", tiny_experiment({"precision=bfloat16"}).to_toml());
  folder.forget_configuration("run/checkpoint.safetensors");
  const RunDirectory trained = RunDirectory::open(folder / "run");
  const std::vector<ModeResult> again = evaluate_run(trained, {"", 1, {}}, {rl::Split::test}, {});
  const double expected = results[3].result.cross_entropy.value();
  CHECK(std::abs(again.front().result.cross_entropy.value() - expected) < 1e-3 * expected);
}

TEST_CASE("bfloat16 is refused before a run begins", "[run]") {
  const std::string reason = reason_against(Precision::bfloat16, product_support());
  if (skipped(reason.empty() ? "this machine has such products" : "")) return;
  const TempFolder folder;
  const auto begin = [&] { run(RunDirectory::create(folder / "run"), {"precision=bfloat16"}); };
  CHECK(message_of<ConfigError>(begin) == "precision: " + reason);
  CHECK_FALSE(std::filesystem::exists(folder / "run"));
}

TEST_CASE("a run leaves its record and results", "[run]") {
  const TempFolder folder;
  const std::vector<ModeResult> results = run(RunDirectory::create(folder / "run"), {});
  CHECK(results.size() == 6);
  CHECK(results.back().split == "test");
  CHECK(results.back().mode == "3 samples averaged");
  CHECK(lines(folder.read("run/metrics.jsonl")) == 4);
  CHECK(has(folder.read("run/run.json"), "\"finished\": true"));
  CHECK(folder.read("run/config.toml") == tiny_experiment().to_toml());
  const auto again = evaluate_run(RunDirectory::open(folder / "run"), {"", 2, {}}, {rl::Split::test}, {});
  REQUIRE(again.size() == 3);
  CHECK(again[2].result.wrong == results[5].result.wrong);
  CHECK(again[2].result.cross_entropy == results[5].result.cross_entropy);
}

TEST_CASE("a run of a game leaves its record, a row and a picture", "[run]") {
  const TempFolder folder;
  const std::vector<ModeResult> results = run(RunDirectory::create(folder / "game-seed0"), tiny_catch);
  REQUIRE(results.size() == 4);
  CHECK(results.back().mode == "one sample");
  CHECK_FALSE(has(folder.read("game-seed0/evaluation.json"), "cross_entropy"));
  CHECK_FALSE(has(folder.read("game-seed0/metrics.jsonl"), "validation_cross_entropy"));
  const RunDirectory trained = RunDirectory::open(folder / "game-seed0");
  const auto again = evaluate_run(trained, {"", 2, {}}, {rl::Split::test}, {7});
  REQUIRE(again.size() == 2);
  CHECK(again[1].result.wrong == results[3].result.wrong);
  CHECK(has(summarise_runs({trained.path()}), "| mean location, first drawn, likeliest action | one sample |"));
  const std::string picture = show_run(trained, {"", 1, {}}, {rl::Split::test, 0, 2});
  CHECK(picture.substr(1, 3) == "PNG");
}

TEST_CASE("a game that was stopped and resumed is the undisturbed one", "[run]") {
  const TempFolder folder;
  run(RunDirectory::create(folder / "whole"), tiny_catch);
  CHECK_THROWS_AS(run(RunDirectory::create(folder / "cut"), tiny_catch, 2, stop_after(2)), Stopped);
  run(RunDirectory::open(folder / "cut"), tiny_catch);
  CHECK(bytes_of(folder, "cut") == bytes_of(folder, "whole"));
}

TEST_CASE("lines after the checkpoint are written again", "[run]") {
  const TempFolder folder;
  run(RunDirectory::create(folder / "whole"), {});
  CHECK_THROWS_AS(run(RunDirectory::create(folder / "cut"), {}, 1, stop_after(2)), Stopped);
  folder.write("cut/metrics.jsonl", folder.read("cut/metrics.jsonl") + "{\"epoch\": 3");
  run(RunDirectory::open(folder / "cut"), {});
  CHECK(bytes_of(folder, "cut") == bytes_of(folder, "whole"));
}

TEST_CASE("a run that diverges keeps its last good checkpoint", "[run]") {
  const TempFolder folder;
  // Four steps, an epoch each, at rates of 1e-3, then 1e29 and more.
  const Overrides overrides{"trainer.schedule.kind=linear", "trainer.schedule.rate=0.001",
                            "trainer.schedule.final_rate=1e30", "trainer.batch=256"};
  CHECK_THROWS_AS(run(RunDirectory::create(folder / "run"), overrides), NonFiniteError);
  const RunBytes kept = bytes_of(folder, "run");
  CHECK_FALSE(kept.checkpoint.empty());
  CHECK(lines(kept.log) >= 1);
  CHECK_THROWS_AS(run(RunDirectory::open(folder / "run"), overrides), NonFiniteError);
  CHECK(bytes_of(folder, "run") == kept);
  CHECK(has(folder.read("run/run.json"), "\"finished\": false"));
}

TEST_CASE("a finished run that is resumed stays as it is", "[run]") {
  const TempFolder folder;
  const std::vector<ModeResult> results = run(RunDirectory::create(folder / "run"), {});
  const std::string record = folder.read("run/run.json");
  const RunBytes bytes = bytes_of(folder, "run");
  const std::vector<ModeResult> again = run(RunDirectory::open(folder / "run"), {});
  CHECK(again.back().result.wrong == results.back().result.wrong);
  CHECK(folder.read("run/run.json") == record);
  CHECK(bytes_of(folder, "run") == bytes);
}

TEST_CASE("a finished run whose results were lost is tested again", "[run]") {
  const TempFolder folder;
  run(RunDirectory::create(folder / "run"), {});
  const std::string results = folder.read("run/evaluation.json"), predictions = folder.read("run/predictions.jsonl");
  std::filesystem::remove(folder / "run/evaluation.json");
  folder.write("run/predictions.jsonl", "of other results\n");
  run(RunDirectory::open(folder / "run"), {});
  CHECK(folder.read("run/evaluation.json") == results);
  CHECK(folder.read("run/predictions.jsonl") == predictions);
  folder.write("run/evaluation.json", "{");
  run(RunDirectory::open(folder / "run"), {});
  CHECK(folder.read("run/evaluation.json") == results);
}

TEST_CASE("a record of another form is refused before anything is touched", "[run]") {
  const TempFolder folder;
  CHECK_THROWS_AS(run(RunDirectory::create(folder / "run"), {}, 1, stop_after(2)), Stopped);
  const RunBytes bytes = bytes_of(folder, "run");
  for (const char* text : {"{}", "[]", R"({"wall_seconds": 1, "finished": true, "epochs": 1, "sessions": 3})"}) {
    folder.write("run/run.json", text);
    CHECK(has(message_of<IoError>([&] { run(RunDirectory::open(folder / "run"), {}); }), "is not a run record"));
    CHECK(bytes_of(folder, "run") == bytes);
  }
}

TEST_CASE("a finished run without its checkpoint is left alone", "[run]") {
  const TempFolder folder;
  run(RunDirectory::create(folder / "run"), {});
  std::filesystem::remove(folder / "run/checkpoint.safetensors");
  const std::string log = folder.read("run/metrics.jsonl");
  CHECK(has(message_of<IoError>([&] { run(RunDirectory::open(folder / "run"), {}); }),
            "the checkpoint of this run is gone"));
  CHECK(folder.read("run/metrics.jsonl") == log);
}

TEST_CASE("a run in which nothing was written leaves no folder", "[run]") {
  const TempFolder folder;
  CHECK_THROWS_AS(run(RunDirectory::create(folder / "run"), {"trainer.batch=1000"}), ConfigError);
  CHECK(folder.files() == 0);
  {
    const FullDisk full(0);
    CHECK_THROWS_AS(run(RunDirectory::create(folder / "run"), {}), IoError);
  }
  CHECK(folder.files() == 0);
}

TEST_CASE("a full disk leaves the last good checkpoint of a run", "[run]") {
  const TempFolder folder;
  run(RunDirectory::create(folder / "whole"), {});
  CHECK_THROWS_AS(run(RunDirectory::create(folder / "run"), {}, 1, stop_after(2)), Stopped);
  const std::string kept = folder.read("run/checkpoint.safetensors");
  {
    const FullDisk full(8192);
    CHECK_THROWS_AS(run(RunDirectory::open(folder / "run"), {}), IoError);
  }
  CHECK(folder.read("run/checkpoint.safetensors") == kept);
  run(RunDirectory::open(folder / "run"), {});
  CHECK(bytes_of(folder, "run") == bytes_of(folder, "whole"));
}

TEST_CASE("two runs cannot share a folder", "[run]") {
  const TempFolder folder;
  RunDirectory first = RunDirectory::create(folder / "run");
  first.lock();
  folder.write("run/config.toml", "");
  CHECK(has(message_of<IoError>([&] { run(RunDirectory::open(folder / "run"), {}); }), "another process is training"));
}

TEST_CASE("folders of runs never overwrite each other", "[run]") {
  const TempFolder folder;
  folder.write("full/file", "x");
  CHECK(has(message_of<IoError>([&] { RunDirectory::create(folder / "full"); }), "exists already"));
  CHECK(RunDirectory::create_unused(folder.path(), "full").path() == folder / "full-2");
  folder.write("full-7/file", "x");
  CHECK(RunDirectory::create_unused(folder.path(), "full").path() == folder / "full-8");
  CHECK(has(message_of<IoError>([&] { RunDirectory::open(folder / "full"); }), "it has no config.toml"));
  CHECK(has(message_of<IoError>([&] { RunDirectory::open_last(folder.path(), "full", ""); }), "no run to resume"));
  CHECK(RunDirectory::create(folder / "a/b/c/").path() == folder / "a/b/c");
}

TEST_CASE("the last run of equal configuration is found", "[run]") {
  const TempFolder folder;
  const auto configuration = [](int hidden) {
    return tiny_experiment({"agent.hidden=" + std::to_string(hidden)}).to_toml();
  };
  folder.write("y-2/config.toml", configuration(16));
  CHECK(RunDirectory::open_last(folder.path(), "y", configuration(16)).path() == folder / "y-2");
  folder.write("x/config.toml", "# a comment\n" + configuration(16));
  folder.write("x-2/config.toml", configuration(16));
  folder.write("x-3/config.toml", configuration(17));
  folder.write("x-4/config.toml", configuration(18) + "[gone]\nkey = 1\n");
  const auto find = [&](int hidden) {
    return RunDirectory::open_last(folder.path(), "x", configuration(hidden)).path();
  };
  CHECK(find(16) == folder / "x-2");
  CHECK(find(17) == folder / "x-3");
  CHECK(has(message_of<IoError>([&] { find(18); }), "gone.key is 1 there and not set here"));
  folder.write("x-4/config.toml", "broken =");
  CHECK(find(16) == folder / "x-2");
  CHECK(has(message_of<IoError>([&] { find(18); }), "in the last one, " + (folder / "x-4").string() + ": "));
  std::filesystem::remove_all(folder / "x-4");
  CHECK(has(message_of<IoError>([&] { find(18); }), "agent.hidden is 17 there and 18 here"));
}

TEST_CASE("a run that is asked to stop says where it was and goes on later", "[run]") {
  const TempFolder folder;
  run(RunDirectory::create(folder / "whole"), {});
  RunCallbacks callbacks;
  int steps = 0;
  callbacks.stop = [&] { return ++steps > 6; };
  const auto interrupted = [&] { run(RunDirectory::create(folder / "cut"), {}, 1, callbacks); };
  CHECK(message_of<Interrupted>(interrupted) == "interrupted in epoch 2 of 4");
  const auto session = nlohmann::json::parse(folder.read("cut/run.json")).at("sessions")[0];
  CHECK(session.at("images") == 7 * 64);
  CHECK(session.at("training_seconds").get<double>() > 0);
  run(RunDirectory::open(folder / "cut"), {});
  CHECK(bytes_of(folder, "cut") == bytes_of(folder, "whole"));
}

TEST_CASE("each session of a run has its record", "[run]") {
  const TempFolder folder;
  CHECK_THROWS_AS(run(RunDirectory::create(folder / "run"), {}, 1, stop_after(1)), Stopped);
  run(RunDirectory::open(folder / "run"), {}, 2);
  const auto record = nlohmann::json::parse(folder.read("run/run.json"));
  REQUIRE(record.at("sessions").size() == 2);
  CHECK(record.at("sessions")[0].at("threads") == 1);
  CHECK(record.at("sessions")[0].at("images") == 256);
  CHECK(record.at("sessions")[1].at("images") == 768);
  CHECK(record.at("sessions")[1].at("threads") == 2);
  double seconds = 0;
  for (const auto& session : record.at("sessions")) {
    seconds += session.at("wall_seconds").get<double>();
    CHECK(session.at("training_seconds").get<double>() < session.at("wall_seconds").get<double>());
    CHECK(has(session.at("flags").get<std::string>(), "-ffp-contract=fast"));
    for (const char* library : {"xtensor", "xtensor-blas", "TBB", "BLAS"}) {
      INFO(library);
      CHECK_FALSE(session.at("libraries").at(library).get<std::string>().empty());
    }
  }
  CHECK(std::abs(record.at("wall_seconds").get<double>() - seconds) < 1e-9);
}
