#include <chrono>
#include <csignal>
#include <cstdlib>
#include <optional>
#include <thread>

#include "tests/support/catch.hpp"
#include "tests/support/command.hpp"
#include "tests/support/http_server.hpp"

using namespace saccade;
using namespace saccade::tests;

namespace {

/// A variable of the environment, given another value, or none, while this lives.
class Variable {
 public:
  Variable(const char* name, const char* value) : name_{name} {
    if (const char* before = std::getenv(name)) before_ = before;
    set(value);
  }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;
  ~Variable() { set(before_ ? before_->c_str() : nullptr); }

 private:
  void set(const char* value) const { value == nullptr ? ::unsetenv(name_) : ::setenv(name_, value, 1); }

  const char* name_;
  std::optional<std::string> before_;
};

/// A home without data, and the command in it.
struct Home {
  TempFolder folder;
  TempFolder outputs;
  Variable home{"HOME", folder.path().c_str()};
  Variable data{"SACCADE_DATA", nullptr};
  std::string usual = (folder / ".local/share/saccade").string();

  [[nodiscard]] Outcome saccade(const Arguments& arguments) const { return run_command(outputs, arguments); }
};

constexpr std::size_t size_of_train_images = 9'912'422;

/// Waits for the part of a download to reach a size.
bool wait_until_part_has(const std::filesystem::path& part, std::uintmax_t bytes) {
  for (int i = 0; i < 2000; ++i) {
    std::error_code missing;
    if (std::filesystem::file_size(part, missing) == bytes && !missing) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return false;
}

}  // namespace

TEST_CASE("data sets are listed with the places that were searched", "[command]") {
  const Home home;
  const Outcome nothing = home.saccade({"data", "list"});
  CHECK(nothing.code == 0);
  CHECK(has(nothing.out, "mnist      28x28 handwritten digits"));
  CHECK(has(nothing.out, "not found in data/mnist, " + home.usual + "/mnist (11.6 MB); `saccade data fetch mnist`"));
  CHECK(
      has(home.saccade({"data", "list", "--data", "/nowhere"}).out,
          "not found in /nowhere/mnist (11.6 MB); `saccade data fetch mnist --to /nowhere` downloads what is missing"));
  home.folder.write("own/mnist/t10k-labels-idx1-ubyte", std::string(10'008, 'x'));
  const Variable chosen("SACCADE_DATA", (home.folder / "own").c_str());
  CHECK(has(home.saccade({"data", "list"}).out,
            "in " + (home.folder / "own/mnist").string() + ", 1 of 4 files, 10.0 kB"));
}

TEST_CASE("wrong and missing data are told with code 2", "[command]") {
  const Home home;
  CHECK(refused(home.saccade({"data", "verify"}), "no data set found; searched data/mnist, "));
  CHECK(refused(home.saccade({"data", "verify", "mnist"}), "no mnist data found; searched data/mnist, "));
  const auto file = home.folder.write("own/mnist/t10k-labels-idx1-ubyte.gz", std::string(4542, 'x'));
  const Outcome outcome = home.saccade({"data", "verify", "--data", (home.folder / "own").string()});
  CHECK(refused(outcome, "files of mnist are wrong or missing; `saccade data fetch mnist --to "));
  CHECK(std::count(outcome.out.begin(), outcome.out.end(), '\n') == 4);
  CHECK(has(outcome.out, "missing  -"));
  CHECK(has(outcome.out, file.string() + "  expected SHA-256 f7ae60f92e00ec6d"));
}

TEST_CASE("a set that no server offers is told how to get", "[command]") {
  const Home home;
  CHECK(refused(home.saccade({"data", "fetch", "flickr8k"}),
                "flickr8k: no server is known to offer it; it is given out by its authors"));
  CHECK_FALSE(std::filesystem::exists(home.usual + "/flickr8k"));
  CHECK(has(home.saccade({"data", "list"}).out, "/flickr8k (3.6 MB); it is given out by its authors"));
  home.folder.write("own/flickr8k/Flickr8k.token.txt", "");
  CHECK(refused(home.saccade({"data", "verify", "--data", (home.folder / "own").string()}),
                "own/flickr8k: files of flickr8k are wrong or missing; it is given out by its authors"));
}

TEST_CASE("a run without its data tells how to fetch them", "[command]") {
  const Home home;
  const std::string config = home.folder.write("plain.toml", "[environment]\nkind = \"mnist\"\n").string();
  CHECK(refused(home.saccade({"run", config}), "; `saccade data fetch mnist` downloads what is missing; or name"));
  home.folder.write("own/mnist/t10k-labels-idx1-ubyte.gz", "");
  CHECK(refused(home.saccade({"run", config, "--data", (home.folder / "own").string()}),
                "train-images-idx3-ubyte: this file is missing; `saccade data fetch mnist --to " +
                    (home.folder / "own").string() + "` downloads what is missing"));
}

TEST_CASE("mistakes in the arguments of data are told in a sentence", "[command]") {
  const Home home;
  CHECK(refused(home.saccade({"data"}), "see saccade data --help"));
  CHECK(refused(home.saccade({"data", "fetsh"}), "see saccade data --help"));
  CHECK(refused(home.saccade({"data", "fetch"}), "data fetch: name is required; see saccade data fetch --help"));
  CHECK(refused(home.saccade({"data", "fetch", "mnits"}), "there is no data set mnits; did you mean mnist?"));
  CHECK(refused(home.saccade({"data", "verify", "zzzzzz"}), "there is no data set zzzzzz; there are mnist"));
  CHECK(refused(home.saccade({"data", "fetch", "mnist", "--mirror", "ftp://127.0.0.1/"}), "--mirror must begin with"));
  CHECK(refused(home.saccade({"data", "fetch", "mnist", "--timeout", "0"}), "--timeout"));
  for (const char* command : {"list", "verify", "fetch"}) {
    CHECK(has(home.saccade({"data", command, "--help"}).out, std::string("  saccade data ") + command));
  }
}

TEST_CASE("a server without the right files is told with code 2", "[command]") {
  const Home home;
  const HttpServer empty([](const HttpRequest&) { return answer("404 Not Found"); });
  const HttpServer wrong([](const HttpRequest&) { return serve_all(std::string(size_of_train_images, 'x')); });
  const Outcome outcome =
      home.saccade({"data", "fetch", "mnist", "--mirror", empty.url() + "a", "--mirror", wrong.url()});
  CHECK(refused(outcome, "train-images-idx3-ubyte.gz: cannot be fetched: " + empty.url() +
                             "a/train-images-idx3-ubyte.gz: the server answers 404; " + wrong.url() +
                             "train-images-idx3-ubyte.gz: expected SHA-256 440fcabf73cc546f"));
  CHECK(has(outcome.out, "mnist (11.6 MB) into " + home.usual + "/mnist\n"));
  CHECK(std::filesystem::is_empty(home.usual + "/mnist"));
}

TEST_CASE("a set is fetched where a part of it lies, else where the environment says, else at home", "[command]") {
  const Home home;
  const HttpServer empty([](const HttpRequest&) { return answer("404 Not Found"); });
  const auto into = [&](Arguments more) {
    Arguments arguments{"data", "fetch", "mnist", "--mirror", empty.url()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const std::string out = home.saccade(arguments).out;
    return out.substr(0, out.find('\n'));
  };
  CHECK(into({}) == "mnist (11.6 MB) into " + home.usual + "/mnist");
  const Variable chosen("SACCADE_DATA", (home.folder / "own").c_str());
  CHECK(into({}) == "mnist (11.6 MB) into " + (home.folder / "own/mnist").string());
  home.folder.write(".local/share/saccade/mnist/t10k-labels-idx1-ubyte.gz", "");
  CHECK(into({}) == "mnist (11.6 MB) into " + home.usual + "/mnist");
  CHECK(into({"--to", (home.folder / "to").string()}) == "mnist (11.6 MB) into " + (home.folder / "to/mnist").string());
}

TEST_CASE("Ctrl-C and kill leave a part that the next fetch goes on with", "[command]") {
  const Home home;
  const HttpServer server([](const HttpRequest& request) {
    return cut(serve(request, std::string(size_of_train_images, 'x')), 100'000, true);
  });
  const Arguments arguments{"data", "fetch", "mnist", "--mirror", server.url(), "--timeout", "60"};
  const std::filesystem::path file = home.usual + "/mnist/train-images-idx3-ubyte.gz";
  const std::filesystem::path part = file.string() + ".part";

  const pid_t interrupted = start(home.outputs, arguments);
  CHECK(wait_until_part_has(part, 100'000));
  ::kill(interrupted, SIGINT);
  CHECK(wait_for(interrupted) == 128 + SIGINT);
  CHECK(home.outputs.read("stderr") == "saccade: interrupted at 100000 of 9912422 bytes of " + server.url() +
                                           "train-images-idx3-ubyte.gz; the same command goes on from there\n");

  const pid_t killed = start(home.outputs, arguments);
  CHECK(wait_until_part_has(part, 200'000));
  ::kill(killed, SIGKILL);
  CHECK(wait_for(killed) == -SIGKILL);
  CHECK_FALSE(std::filesystem::exists(file));
  REQUIRE(server.requests().size() == 2);
  CHECK(server.requests()[1].range == "bytes=100000-");
}
