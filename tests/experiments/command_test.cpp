#include <algorithm>
#include <chrono>
#include <csignal>
#include <nlohmann/json.hpp>
#include <thread>

#include "core/io/folder_lock.hpp"
#include "core/tensor/blas_kernel.hpp"
#include "core/tensor/gemm.hpp"
#include "core/tensor/precision.hpp"
#include "experiments/run_directory.hpp"
#include "tests/experiments/tiny.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/command.hpp"
#include "tests/support/full_disk.hpp"
#include "tests/support/gzip.hpp"
#include "tests/support/messages.hpp"
#include "tests/support/skip.hpp"

using namespace saccade;
using namespace saccade::tests;

namespace {

/// A place for configurations, data and runs, and the command in it.
struct Desk {
  TempFolder folder;
  TempFolder outputs;
  std::string config = folder.write("tiny.toml", tiny_toml).string();
  std::string plain = folder.write("plain.toml", "[environment]\nkind = \"mnist\"\n").string();
  std::string run = (folder / "run").string();

  Outcome saccade(const Arguments& arguments) const { return run_command(outputs, arguments); }

  /// In the folder itself, where the runs go if nothing else is said.
  Outcome saccade_there(const Arguments& arguments) const { return run_command(outputs, arguments, folder.path()); }

  Outcome train(const Arguments& more = {}) const {
    Arguments arguments{"run", config, "--out", run, "--threads", "1"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return saccade(arguments);
  }

  [[nodiscard]] bool has_run() const { return std::filesystem::exists(run); }
};

/// Four files that are no MNIST, one of them as given.
std::string broken_mnist(const TempFolder& folder, const std::string& images) {
  folder.write("data/mnist/train-images-idx3-ubyte", images);
  folder.write("data/mnist/train-labels-idx1-ubyte", std::string("\0\0\x08\x01\0\0\0\x01\x05", 9));
  folder.write("data/mnist/t10k-images-idx3-ubyte", images);
  folder.write("data/mnist/t10k-labels-idx1-ubyte", std::string("\0\0\x08\x01\0\0\0\x01\x05", 9));
  return (folder / "data").string();
}

/// The only one that a process has.
pid_t child_of(pid_t process) {
  std::ifstream children("/proc/" + std::to_string(process) + "/task/" + std::to_string(process) + "/children");
  pid_t child = 0;
  children >> child;
  REQUIRE(child > 0);
  return child;
}

bool wait_until_log_has(const std::string& run, std::size_t lines) {
  for (int i = 0; i < 2000; ++i) {
    std::ifstream log(run + "/metrics.jsonl");
    const std::string text{std::istreambuf_iterator<char>(log), {}};
    if (static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) >= lines) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return false;
}

}  // namespace

TEST_CASE("a killed run goes on as if nothing had been", "[command]") {
  const Desk desk;
  const Arguments set{"--set", "trainer.epochs=60", "--set", "agent.hidden=64"};
  const auto arguments = [&](const std::string& out) {
    Arguments all{"run", desk.config, "--threads", "2", "--out", (desk.folder / out).string()};
    all.insert(all.end(), set.begin(), set.end());
    return all;
  };
  REQUIRE(desk.saccade(arguments("whole")).code == 0);
  const pid_t process = start(desk.outputs, arguments("cut"));
  CHECK(wait_until_log_has((desk.folder / "cut").string(), 3));
  ::kill(process, SIGKILL);
  CHECK(wait_for(process) == -SIGKILL);
  CHECK(desk.folder.read("cut/metrics.jsonl") != desk.folder.read("whole/metrics.jsonl"));
  REQUIRE(desk.saccade({"run", "--resume", "--out", (desk.folder / "cut").string()}).code == 0);
  CHECK(bytes_of(desk.folder, "cut") == bytes_of(desk.folder, "whole"));
}

TEST_CASE("a table runs what is missing and reads the rest", "[command]") {
  const Desk desk;
  const std::string table =
      desk.folder
          .write("tiny.table", "title = \"Tiny\"\npublished = []\n[[row]]\nname = \"one\"\nconfig = \"" + desk.config +
                                   "\"\nseeds = [0]\npublished = []\n")
          .string();
  REQUIRE(desk.train().code == 0);
  const Outcome outcome = desk.saccade(
      {"table", table, "--read", "--records", desk.folder.path().string(), "--out", (desk.folder / "made").string()});
  CHECK(outcome.code == 0);
  CHECK(has(outcome.out, "| one | "));
  CHECK(has(outcome.out, " | 1 of 1 | "));
  CHECK(has(desk.folder.read("made.csv"), ",1 of 1,"));
  CHECK(desk.folder.read("made.png").starts_with("\x89PNG"));
  CHECK(refused(desk.saccade({"table", table, "--read", "--only", "two"}),
                "no row's name or configuration contains two"));
  CHECK(
      refused(desk.saccade({"table", table, "--read", "--out", "/proc/no/made"}), "/proc/no: cannot make the folder"));
  CHECK(refused(desk.saccade({"table", "nothing-like-it"}), "there is no such table; there are "));
  CHECK(
      refused(desk.saccade({"table", table, "--read", "--records", "/nowhere"}), "/nowhere: there is no such folder"));
  CHECK(refused(desk.saccade({"table", table, "--read", "--records", desk.run}),
                "there are no runs in this folder; did you mean " + desk.folder.path().string() + "?"));
  for (const char* hours : {"nan", "0", "-1", "soon"}) {
    CHECK(refused(desk.saccade({"table", table, "--read", "--budget", hours}), "must be above 0 hours, got "));
  }
}

TEST_CASE("two processes do not make one table", "[command]") {
  const Desk desk;
  const auto table =
      desk.folder.write("tiny.table", "title = \"Tiny\"\npublished = []\n[[row]]\nname = \"one\"\nconfig = \"" +
                                          desk.config + "\"\nseeds = [0]\npublished = []\n");
  std::filesystem::create_directories(desk.folder / "runs/.tables/tiny");
  const io::FolderLock held(desk.folder / "runs/.tables/tiny", "");
  CHECK(refused(desk.saccade_there({"table", table.string()}), "another process is making this table"));
  CHECK(desk.saccade_there({"table", table.string(), "--read"}).code == 0);
}

TEST_CASE("a table runs the row of a name, not those whose names begin with it", "[command]") {
  const Desk desk;
  const auto row = [&](const std::string& name, const std::string& seed) {
    return "[[row]]\nname = \"" + name + "\"\nconfig = \"" + desk.config + "\"\npublished = []\nseeds = [" + seed +
           "]\n";
  };
  const auto table = desk.folder.write(
      "tiny.table", "title = \"Tiny\"\npublished = []\n" + row("one more", "0") + row("one", "1") + row("two", "2"));
  const Outcome outcome = desk.saccade_there({"table", table.string(), "--only", "one"});
  CHECK(outcome.code == 0);
  CHECK(has(outcome.out, "finished  tiny-seed1"));
  CHECK_FALSE(has(outcome.out, "finished  tiny-seed0"));
  CHECK(has(desk.saccade_there({"table", table.string(), "--only", "one m"}).out, "finished  tiny-seed0"));
}

TEST_CASE("a table runs its missing rows side by side", "[command]") {
  const Desk desk;
  const std::string row = "config = \"" + desk.config + "\"\npublished = []\n";
  const auto table =
      desk.folder.write("tiny.table", "title = \"Tiny\"\npublished = []\n[[row]]\nname = \"tiny\"\nseeds = [0, 1]\n" +
                                          row + "[[row]]\nname = \"the same\"\nseeds = [1]\n" + row);
  const Outcome outcome = desk.saccade_there({"table", table.string(), "--jobs", "2"});
  CHECK(outcome.code == 0);
  CHECK(has(outcome.out, "finished  tiny-seed0"));
  CHECK(has(outcome.out, "finished  tiny-seed1"));
  CHECK(has(outcome.out, " | 2 of 2 | "));
  CHECK(has(outcome.out, " | 1 of 1 | "));
  CHECK_FALSE(has(outcome.out, "tiny-seed1-2"));
  std::string diverging = tiny_toml;
  diverging.replace(diverging.find("0.01"), 4, "1e30");
  desk.folder.write("tiny.toml", diverging);
  CHECK(refused(desk.saccade_there({"table", table.string()}), "2 runs failed, the first one, tiny-seed0: "));
}

TEST_CASE("a sweep chooses on validation and can be killed", "[command]") {
  const Desk desk;
  const Arguments sweep{
      "sweep", desk.config, "--grid", "agent.location_std=0.1,0.2", "--set", "trainer.epochs=40", "--jobs",
      "1",     "--seeds",   "0,1"};
  const std::string first_run = (desk.folder / "sweeps/tiny/runs/location_std=0.1-seed0").string();
  const pid_t process = start(desk.outputs, sweep, desk.folder.path());
  CHECK(wait_until_log_has(first_run, 2));
  ::kill(process, SIGKILL);
  CHECK(wait_for(process) == -SIGKILL);
  const Outcome outcome = desk.saccade_there(sweep);
  REQUIRE(outcome.code == 0);
  CHECK(has(outcome.out, "2 trials with 2 seeds each; 4 runs to do"));
  CHECK(has(desk.folder.read("sweeps/tiny/sweep.md"),
            "| agent.location_std | validation error, % | seeds | wall seconds |"));
  CHECK(has(desk.folder.read("sweeps/tiny/best.toml"), "location_std = 0."));
  CHECK_FALSE(has(desk.folder.read("sweeps/tiny/runs/location_std=0.1-seed0/evaluation.json"), "\"test\""));
  CHECK(has(desk.saccade_there(sweep).out, "; 0 runs to do"));
  CHECK(refused(desk.saccade_there({"sweep", desk.config, "--grid", "agent.glimpses=1,2"}),
                "holds another search, as its search.txt says; name another folder with --out"));
  const io::FolderLock held(desk.folder / "sweeps/tiny", "");
  CHECK(refused(desk.saccade_there(sweep), "another process is searching in this folder"));
}

TEST_CASE("a run of a sweep never sees the test split, resumed by hand either", "[command]") {
  const Desk desk;
  const pid_t process =
      start(desk.outputs, {"run", desk.config, "--validation-only", "--set", "trainer.epochs=100", "--out", desk.run});
  CHECK(wait_until_log_has(desk.run, 2));
  ::kill(process, SIGINT);
  CHECK(wait_for(process) == 130);
  REQUIRE(desk.saccade({"run", "--resume", "--out", desk.run}).code == 0);
  CHECK(has(desk.folder.read("run/evaluation.json"), "\"validation\""));
  CHECK_FALSE(has(desk.folder.read("run/evaluation.json"), "\"test\""));
}

TEST_CASE("a budget stops a sweep, which then goes on", "[command]") {
  const Desk desk;
  for (int i = 0; i < 2; ++i) {
    const Outcome outcome = desk.saccade_there({"sweep", desk.config, "--grid", "agent.location_std=0.1", "--set",
                                                "trainer.epochs=100000", "--budget", "1e-8"});
    CHECK(outcome.code == 0);
    CHECK(has(outcome.out, "cut short  location_std=0.1-seed0"));
    CHECK(has(outcome.out, "the budget is spent"));
  }
  CHECK(std::filesystem::exists(desk.folder / "sweeps/tiny/runs/location_std=0.1-seed0/config.toml"));
  CHECK_FALSE(std::filesystem::exists(desk.folder / "sweeps/tiny/runs/location_std=0.1-seed0-2"));
}

TEST_CASE("a child of a sweep that another program ends has failed", "[command]") {
  const auto out_after = [](int signal) {
    const Desk desk;
    const Arguments sweep{"sweep", desk.config, "--grid", "agent.location_std=0.1", "--set", "trainer.epochs=100000"};
    const pid_t process = start(desk.outputs, sweep, desk.folder.path());
    CHECK(wait_until_log_has((desk.folder / "sweeps/tiny/runs/location_std=0.1-seed0").string(), 2));
    ::kill(child_of(process), signal);
    CHECK(wait_for(process) == 2);
    return desk.outputs.read("stdout");
  };
  CHECK(has(out_after(SIGKILL), "FAILED  location_std=0.1-seed0  killed by signal 9"));
  const std::string stopped = out_after(SIGTERM);
  CHECK(has(stopped, "FAILED  location_std=0.1-seed0  interrupted in epoch "));
  CHECK_FALSE(has(stopped, "the budget is spent"));
}

TEST_CASE("a sweep that finds no run that works says so", "[command]") {
  const Desk desk;
  const Outcome outcome = desk.saccade_there({"sweep", desk.config, "--grid", "trainer.schedule.rate=1e30"});
  CHECK(refused(outcome, "1 run failed, the first one, rate=1e30-seed0: "));
  CHECK(has(outcome.out, "try a lower trainer.schedule.rate"));
  CHECK(has(desk.folder.read("sweeps/tiny/sweep.md"), "try a lower trainer.schedule.rate"));
  CHECK(refused(desk.saccade({"sweep", desk.config, "--grid", "agent.glimses=1"}), "did you mean agent.glimpses?"));
  CHECK(refused(desk.saccade({"sweep", desk.config}), "name what to vary"));
}

TEST_CASE("a kernel that is too narrow for the CPU is replaced without the user's help", "[command]") {
  const Desk desk;
  ::unsetenv("OPENBLAS_CORETYPE");
  REQUIRE(desk.train({"--set", "trainer.epochs=1"}).code == 0);
  const auto session = nlohmann::json::parse(desk.folder.read("run/run.json")).at("sessions").at(0);
  CHECK_FALSE(better_blas_kernel(session.at("blas_kernel").get<std::string>(), cpu_features()));
  const bool replaced = better_blas_kernel(blas_info().kernel, cpu_features()).has_value();
  CHECK(session.at("blas_kernel_chosen_by") == (replaced ? "saccade" : "library"));
}

TEST_CASE("the recorded command can be run again", "[command]") {
  const Desk desk;
  REQUIRE(desk.train({"--set", "trainer.epochs=1", "--set", "why='two words'"}).code == 0);
  const auto session = nlohmann::json::parse(desk.folder.read("run/run.json")).at("sessions").at(0);
  CHECK(has(session.at("command").get<std::string>(), R"(--set 'why='\''two words'\''')"));
}

TEST_CASE("finished runs are tabulated", "[command]") {
  const Desk desk;
  REQUIRE(desk.train({"--set", "trainer.epochs=1"}).code == 0);
  const Outcome outcome = desk.saccade({"summary", desk.run});
  CHECK(outcome.code == 0);
  CHECK(has(outcome.out, "| run | 1 | "));
}

TEST_CASE("runs are compared from what they left", "[command]") {
  const Desk desk;
  const auto runs = [&](const std::string& name) { return (desk.folder / name).string(); };
  const auto train = [&](const std::string& name, const std::string& setting) {
    return desk.saccade({"run", desk.config, "--out", runs(name), "--set", setting, "--threads", "1"}).code;
  };
  REQUIRE(train("learned-seed0", "agent.locations=learned") == 0);
  REQUIRE(train("random-seed0", "agent.locations=random") == 0);
  for (const char* name : {"learned-seed0", "random-seed0"}) {
    std::filesystem::remove(desk.folder / name / "checkpoint.safetensors");
  }
  const Outcome outcome = desk.saccade(
      {"compare", desk.config, runs("random-seed0"), "--runs", desk.folder.path().string(), "--out", runs("made")});
  CHECK(outcome.code == 0);
  CHECK(has(outcome.out, "# learned, random in digits"));
  CHECK(has(outcome.out, "the 95 % interval over the 64 test items, ["));
  CHECK(has(outcome.out, "nothing is known of other seeds (n = 1 each)"));
  CHECK(has(outcome.out, desk.folder.read("made/comparison.md")));
  CHECK(desk.folder.read("made/comparison.png").starts_with("\x89PNG"));
  for (const char* file : {"made/measures.csv", "made/differences.csv", "made/curves.csv"}) {
    CHECK(has(desk.folder.read(file), "learned,"));
  }
  const Outcome again = desk.saccade({"compare", runs("learned-seed0"), runs("random-seed0"), "--threads", "3"});
  CHECK(has(outcome.out, again.out.substr(0, again.out.size() - 1)));
  CHECK(refused(desk.saccade({"compare", runs("learned-seed0")}), "all runs are of one configuration"));
  CHECK(refused(desk.saccade({"compare", "nothing-like-it"}), "is neither the folder of a run nor"));
  CHECK(refused(desk.saccade({"compare", runs("learned-seed0"), runs("random-seed0"), "--out", desk.config}),
                "Not a directory"));
}

TEST_CASE("a kernel that the user chose is kept and named", "[command]") {
  const Desk desk;
  ::setenv("OPENBLAS_CORETYPE", "Prescott", 1);
  const Outcome outcome = desk.train({"--set", "trainer.epochs=1"});
  ::unsetenv("OPENBLAS_CORETYPE");
  REQUIRE(outcome.code == 0);
  CHECK(has(desk.folder.read("run/run.json"), R"("blas_kernel_chosen_by": "user")"));
  CHECK(has(desk.folder.read("run/run.json"), R"("blas_kernel": "Prescott")"));
}

TEST_CASE("Ctrl-C tells how to go on", "[command]") {
  const Desk desk;
  const pid_t process = start(desk.outputs, {"run", desk.config, "--set", "trainer.epochs=100000", "--out", desk.run});
  CHECK(wait_until_log_has(desk.run, 2));
  ::kill(process, SIGINT);
  CHECK(wait_for(process) == 130);
  const std::string message = desk.outputs.read("stderr");
  CHECK(message.starts_with("saccade: interrupted in epoch "));
  CHECK(message.ends_with(" of 100000; go on with: saccade run --resume --out " + desk.run + "\n"));
}

TEST_CASE("a configuration that is wrong is told in a sentence", "[command]") {
  const Desk desk;
  CHECK(refused(desk.train({"--set", "agent.glimses=3"}), "did you mean agent.glimpses?"));
  CHECK(refused(desk.train({"--set", "agent.glimpses=six"}), "agent.glimpses must be a whole number, got \"six\""));
  CHECK(refused(desk.train({"--set", "agent.location_std=-1"}), "agent.location_std must be in (0, 2]"));
  CHECK(refused(desk.train({"--set", "trainer.batch=300"}), "trainer.batch must be at most the 256"));
  CHECK(refused(desk.train({"--set", "agent.glimpses"}), "expected KEY=VALUE"));
  CHECK(refused(desk.saccade({"run", "nothing-like-it", "--out", desk.run}), "there is no such configuration"));
  CHECK_FALSE(desk.has_run());
}

TEST_CASE("arguments that are wrong are told in a sentence", "[command]") {
  const Desk desk;
  CHECK(refused(desk.saccade({}), "name a command: run"));
  CHECK(refused(desk.saccade({"rnu"}), "did you mean run?"));
  CHECK(refused(desk.saccade({"rnu", "--help"}), "did you mean run?"));
  CHECK(refused(desk.saccade({"run"}), "name a configuration"));
  CHECK(refused(desk.train({"--sed", "1"}), "--sed"));
  CHECK(refused(desk.train({"--seed", "-1"}), "--seed"));
  CHECK(refused(desk.train({"--threads", "many"}), "--threads"));
  CHECK(refused(desk.saccade({"eval"}), "see saccade eval --help"));
  CHECK(refused(desk.saccade({"eval", desk.run, "--length-power", "nan"}), "--length-power: not a number"));
  CHECK(refused(desk.saccade({"sweep", "x", "--grid", "a=1", "--draws", "2"}), "--draws requires --random"));
  CHECK(refused(desk.saccade({"sweep", desk.config, "--random", "trainer.batch=10:20"}),
                "must be a whole number, got 1"));
  CHECK(refused(desk.saccade({"sweep", desk.config, "--random", "trainer.batch=10:20"}),
                "; --random KEY=int:LOW:HIGH draws whole numbers"));
  CHECK_FALSE(desk.has_run());
}

TEST_CASE("data that are missing or broken are told in a sentence", "[command]") {
  const Desk desk;
  const auto train = [&](const std::string& data) {
    return desk.saccade({"run", desk.plain, "--out", desk.run, "--data", data});
  };
  CHECK(refused(train(desk.outputs.path().string()), "no mnist data found; searched " + desk.outputs.path().string()));
  CHECK(refused(train(broken_mnist(desk.folder, std::string("\0\0\x08\x03\0\0\0\x01\0\0", 10))), "idx3-ubyte: "));
  CHECK(refused(train(broken_mnist(desk.folder, "not at all IDX")), "train-images-idx3-ubyte: "));
  const std::string packed = gzip(std::string(5000, 'x'));
  CHECK(refused(train(broken_mnist(desk.folder, packed.substr(0, packed.size() / 2))), "gzip data are truncated"));
  CHECK_FALSE(desk.has_run());
}

TEST_CASE("bfloat16 without the means for it is told in a sentence", "[command]") {
  const std::string reason = reason_against(Precision::bfloat16, product_support());
  if (skipped(reason.empty() ? "this machine has such products" : "")) return;
  const Desk desk;
  CHECK(refused(desk.train({"--set", "precision=bfloat16"}), "precision: " + reason));
  CHECK_FALSE(desk.has_run());
  CHECK(desk.saccade({"run", desk.config, "--set", "precision=bfloat16", "--print-config"}).code == 0);
}

TEST_CASE("places that cannot be written are told in a sentence", "[command]") {
  const Desk desk;
  CHECK(refused(desk.saccade({"run", desk.config, "--out", "/proc/run"}), "/proc/run: cannot make the run's folder"));
  desk.folder.write("run/file", "");
  CHECK(refused(desk.train(), "exists already"));
  CHECK(refused(desk.train({"--resume"}), "is not the folder of a run"));
}

TEST_CASE("a full disk is told in a sentence", "[command]") {
  const Desk desk;
  {
    const FullDisk full(1000);
    static_cast<void>(wait_for(start(desk.outputs, {"run", desk.config, "--out", desk.run})));
  }
  CHECK(has(desk.outputs.read("stderr"), "config.toml: cannot write: File too large"));
  CHECK_FALSE(desk.has_run());
}

TEST_CASE("a checkpoint that is broken or of another model is told in a sentence", "[command]") {
  const Desk desk;
  REQUIRE(desk.train().code == 0);
  CHECK(refused(desk.train({"--resume", "--set", "agent.hidden=17"}), "agent.hidden is 16 there and 17 here"));
  const std::string config = desk.folder.read("run/config.toml");
  std::string other = config;
  other.replace(other.find("\nhidden = 16"), 12, "\nhidden = 17");
  desk.folder.write("run/config.toml", other);
  CHECK(refused(desk.saccade({"eval", desk.run}), "was trained with another config.toml than the one beside it"));
  desk.folder.forget_configuration("run/checkpoint.safetensors");
  CHECK(refused(desk.saccade({"eval", desk.run}), "checkpoint is of another model: best."));
  desk.folder.write("run/config.toml", config);
  desk.folder.write("run/checkpoint.safetensors", desk.folder.read("run/checkpoint.safetensors").substr(0, 999));
  CHECK(refused(desk.saccade({"eval", desk.run}), "checkpoint.safetensors: "));
  CHECK(refused(desk.saccade({"show", desk.run}), "checkpoint.safetensors: "));
  CHECK(refused(desk.train({"--resume"}), "checkpoint.safetensors: "));
  std::filesystem::remove(desk.folder / "run/checkpoint.safetensors");
  CHECK(refused(desk.saccade({"eval", desk.run}), "the checkpoint of this run is gone"));
}

TEST_CASE("a run that began before a key was there goes on with its default", "[command]") {
  const Desk desk;
  REQUIRE(desk.train().code == 0);
  std::string config = desk.folder.read("run/config.toml");
  const std::size_t key = config.find("\nlength_power = ");
  REQUIRE(key != std::string::npos);
  config.erase(key, config.find('\n', key + 1) - key);
  desk.folder.write("run/config.toml", config);
  CHECK(refused(desk.train({"--resume"}), "was trained with another config.toml than the one beside it"));
  desk.folder.forget_configuration("run/checkpoint.safetensors");
  CHECK(desk.train({"--resume"}).code == 0);
  CHECK(desk.saccade({"run", "--resume", "--out", desk.run}).code == 0);
  CHECK(refused(desk.train({"--resume", "--set", "evaluation.length_power=0"}),
                "evaluation.length_power is 1.0 there and 0.0 here"));
}

TEST_CASE("a run that diverges in its first epoch can be resumed", "[command]") {
  const Desk desk;
  CHECK(refused(desk.train({"--set", "trainer.schedule.rate=1e30"}), "try a lower trainer.schedule.rate"));
  CHECK(refused(desk.saccade({"run", "--resume", "--out", desk.run}), "try a lower trainer.schedule.rate"));
}

TEST_CASE("two processes cannot train in one folder", "[command]") {
  const Desk desk;
  REQUIRE(desk.train().code == 0);
  experiments::RunDirectory held = experiments::RunDirectory::open(desk.run);
  held.lock();
  CHECK(refused(desk.train({"--resume"}), "another process is training in this folder"));
}

TEST_CASE("every command has help with an example", "[command]") {
  const Desk desk;
  for (const char* command : {"run", "eval", "show", "summary", "table", "sweep", "compare", "list", "data"}) {
    const Outcome outcome = desk.saccade({command, "--help"});
    CHECK(outcome.code == 0);
    CHECK(has(outcome.out, std::string("  saccade ") + command));
  }
  CHECK(desk.saccade({"--help"}).code == 0);
  CHECK(has(desk.saccade({"--version"}).out, "saccade "));
}

TEST_CASE("the resolved configuration is printed and nothing made", "[command]") {
  const Desk desk;
  const Outcome outcome = desk.train({"--print-config", "--seed", "3"});
  CHECK(outcome.code == 0);
  CHECK(has(outcome.out, "seed = 3"));
  CHECK_FALSE(desk.has_run());
}

TEST_CASE("runs are listed, evaluated and shown", "[command]") {
  const Desk desk;
  CHECK(has(desk.saccade({"list"}).out, "quickstart"));
  const Outcome trained = desk.train();
  REQUIRE(trained.code == 0);
  CHECK(has(trained.out, "run directory: " + desk.run));
  const Outcome evaluated = desk.saccade({"eval", desk.run + "/", "--samples", "4"});
  CHECK(evaluated.code == 0);
  CHECK(has(evaluated.out, "4 samples averaged"));
  CHECK(desk.saccade({"show", desk.run, "--count", "2"}).code == 0);
  CHECK(desk.folder.read("run/glimpses.png").starts_with("\x89PNG"));
  CHECK(desk.saccade({"show", desk.run, "--heat", "--count", "64"}).code == 0);
  CHECK(desk.folder.read("run/heat.png").starts_with("\x89PNG"));
  CHECK(desk.saccade({"show", desk.run, "--first", "60"}).code == 0);
  CHECK(refused(desk.saccade({"show", desk.run, "--first", "60", "--count", "5"}), "goes beyond it"));
  CHECK(refused(desk.saccade({"show", desk.run, "--first", "64"}), "goes beyond it"));
  CHECK(desk.saccade({"show", desk.run, "--out", (desk.folder / "new/x.png").string()}).code == 0);
  CHECK(
      refused(desk.saccade({"show", desk.run, "--beam", "2"}), "agent ram says no captions that a beam could search"));
  CHECK(refused(desk.saccade({"show", desk.run, "--heat", "--beam", "2"}), "a heat map is of glimpses"));
}

TEST_CASE("training games are shown as different visits would draw them", "[command]") {
  const Desk desk;
  Arguments settings{"--set", "trainer.epochs=1", "--set", "agent.first_location=learned"};
  for (const std::string& setting : tiny_catch) settings.insert(settings.end(), {"--set", setting});
  REQUIRE(desk.train(settings).code == 0);
  const auto picture = [&](const char* first) {
    CHECK(desk.saccade({"show", desk.run, "--split", "train", "--first", first, "--count", "1"}).code == 0);
    return desk.folder.read("run/glimpses.png");
  };
  CHECK(picture("0") != picture("1"));
}

TEST_CASE("an agent without glimpses cannot be shown", "[command]") {
  const Desk desk;
  const auto config = desk.folder.write("fc.toml",
                                        "[environment]\ntrain = 256\nvalidation = 64\ntest = 64\n"
                                        "[agent]\nkind = \"fully_connected\"\nhidden = [8]\n[trainer]\nepochs = 1\n");
  REQUIRE(desk.saccade({"run", config.string(), "--out", desk.run}).code == 0);
  CHECK(refused(desk.saccade({"show", desk.run}), "takes no glimpses"));
}
