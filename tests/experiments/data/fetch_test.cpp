#include "experiments/data/fetch.hpp"

#include "core/io/folder_lock.hpp"
#include "tests/experiments/data/small_set.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/full_disk.hpp"
#include "tests/support/http_server.hpp"
#include "tests/support/messages.hpp"
#include "tests/support/temp_folder.hpp"

namespace saccade::experiments {
namespace {

using namespace tests;

/// The small set, and a folder for it.
struct Fixture : SmallSet {
  TempFolder data;
  std::filesystem::path folder = data / "small";
  FetchOptions options;
  FetchCallbacks callbacks;
  std::vector<std::string> done;      // "NAME fetched", "NAME there"
  std::vector<std::string> failures;  // of mirrors

  Fixture() {
    options.stall_seconds = 1;
    callbacks.on_file = [this](const envs::DataFile& file, bool fetched) {
      done.push_back(file.name + (fetched ? " fetched" : " there"));
    };
    callbacks.on_failure = [this](const std::string& reason) { failures.push_back(reason); };
  }
  Fixture(const Fixture&) = delete;
  Fixture& operator=(const Fixture&) = delete;

  [[nodiscard]] const std::string& contents(const HttpRequest& request) const {
    return request.target.ends_with("/numbers.gz") ? numbers : notes;
  }
  [[nodiscard]] HttpServer::Handler rightly() const {
    return [this](const HttpRequest& request) { return serve(request, contents(request)); };
  }

  void get(const std::vector<const HttpServer*>& mirrors) {
    options.mirrors.clear();
    for (const HttpServer* mirror : mirrors) options.mirrors.push_back(mirror->url());
    fetch(set, folder, options, callbacks);
  }
  std::string error(const std::vector<const HttpServer*>& mirrors) {
    return message_of<IoError>([&] { get(mirrors); });
  }

  [[nodiscard]] bool is_there(const std::string& name) const { return std::filesystem::exists(folder / name); }
  [[nodiscard]] bool is_complete() const {
    return data.read("small/numbers.gz") == numbers && data.read("small/notes") == notes &&
           std::distance(std::filesystem::directory_iterator(folder), {}) == 2;
  }
};

TEST_CASE("a set is fetched, and is there the next time", "[data]") {
  Fixture f;
  const HttpServer server(f.rightly());
  f.get({&server});
  CHECK(f.is_complete());
  CHECK(f.done == std::vector<std::string>{"numbers.gz fetched", "notes fetched"});
  f.get({&server});
  CHECK(f.done.back() == "notes there");
  CHECK(server.requests().size() == 2);
}

TEST_CASE("the mirrors of the set are asked in turn unless others are named", "[data]") {
  Fixture f;
  const HttpServer server(f.rightly());
  const HttpServer empty([](const HttpRequest&) { return answer("404 Not Found"); });
  f.set.mirrors = {empty.url() + "a/", server.url() + "b/"};
  fetch(f.set, f.folder, f.options, f.callbacks);
  CHECK(f.is_complete());
  CHECK(empty.requests().front().target == "/a/numbers.gz");
  CHECK(server.requests().front().target == "/b/numbers.gz");
}

TEST_CASE("only what is missing or wrong is fetched", "[data]") {
  Fixture f;
  const HttpServer server(f.rightly());
  f.data.write("small/numbers.gz", f.numbers);
  f.data.write("small/notes", f.notes.substr(0, 10));
  f.get({&server});
  CHECK(f.is_complete());
  CHECK(f.done == std::vector<std::string>{"numbers.gz there", "notes fetched"});
}

TEST_CASE("an expanded file that is right is not fetched again", "[data]") {
  Fixture f;
  const HttpServer server(f.rightly());
  f.data.write("small/numbers", f.numbers_expanded);
  f.get({&server});
  CHECK_FALSE(f.is_there("numbers.gz"));
  CHECK(f.done == std::vector<std::string>{"numbers.gz there", "notes fetched"});
}

TEST_CASE("an expanded file that is wrong would hide the fetched one", "[data]") {
  Fixture f;
  const HttpServer server(f.rightly());
  f.data.write("small/numbers", "mine");
  CHECK(has(f.error({&server}), (f.folder / "numbers").string() + ": expected 100000 bytes, got 4; it would be read"));
  CHECK(f.data.read("small/numbers") == "mine");
  CHECK(server.requests().empty());
}

TEST_CASE("the next mirror goes on where one has failed", "[data]") {
  Fixture f;
  const HttpServer whole(f.rightly());
  const auto check = [&](const HttpServer::Handler& handler, const std::string& reason, const std::string& range) {
    const HttpServer failing(handler);
    std::filesystem::remove_all(f.folder);
    f.failures.clear();
    f.get({&failing, &whole});
    INFO(reason);
    CHECK(f.is_complete());
    REQUIRE(f.failures.size() == 2);
    CHECK(has(f.failures[0], failing.url() + "numbers.gz: " + reason));
    const auto requests = whole.requests();
    CHECK(requests[requests.size() - 2].range == range);
  };
  f.options.tries = 1;
  check([](const HttpRequest&) { return answer("404 Not Found"); }, "the server answers 404", "");
  check([&](const HttpRequest& r) { return cut(serve(r, f.contents(r)), 700); }, "broke off after 700", "bytes=700-");
  check([&](const HttpRequest& r) { return cut(serve(r, f.contents(r)), 700, true); }, "timed out at 700",
        "bytes=700-");
  check([&](const HttpRequest& r) { return serve_all(std::string(f.contents(r).size(), 'x')); }, "expected SHA-256",
        "");
}

TEST_CASE("a mirror that breaks off is asked again while it brings something", "[data]") {
  Fixture f;
  const HttpServer server([&](const HttpRequest& request) {
    return request.range.empty() ? cut(serve(request, f.contents(request)), 2000) : serve(request, f.contents(request));
  });
  f.get({&server});
  CHECK(f.is_complete());
  CHECK(f.failures.empty());
  CHECK(server.requests().size() == 4);
}

TEST_CASE("a mirror that always breaks off is not asked for ever", "[data]") {
  Fixture f;
  const HttpServer server([&](const HttpRequest& request) { return cut(serve(request, f.contents(request)), 1); });
  f.options.tries = 3;
  CHECK(has(f.error({&server}), "numbers.gz: cannot be fetched: " + server.url() + "numbers.gz: broke off after 3 of"));
  CHECK(server.requests().size() == 3);
}

TEST_CASE("wrong bytes never come under the name of the file", "[data]") {
  Fixture f;
  const HttpServer server([&](const HttpRequest& request) {
    std::string changed = f.contents(request);
    changed.back() = static_cast<char>(changed.back() ^ 1);
    return serve(request, changed);
  });
  const std::string message = f.error({&server});
  CHECK(has(message, "numbers.gz: expected SHA-256 " + io::sha256_of(f.numbers) + ", got "));
  CHECK(server.requests().size() == 1);
  CHECK_FALSE(f.is_there("numbers.gz"));
  CHECK_FALSE(f.is_there("numbers.gz.part"));
}

TEST_CASE("a wrong file stays until the right one is whole", "[data]") {
  Fixture f;
  const HttpServer broken([&](const HttpRequest& r) { return cut(serve(r, f.contents(r)), r.range.empty() ? 9 : 0); });
  const HttpServer whole(f.rightly());
  f.data.write("small/numbers.gz", "old");
  CHECK(has(f.error({&broken}), "broke off after 9 of"));
  CHECK(f.data.read("small/numbers.gz") == "old");
  CHECK(f.data.read("small/numbers.gz.part") == f.numbers.substr(0, 9));
  f.get({&whole});
  CHECK(f.is_complete());
}

TEST_CASE("a part that was left behind is gone on with, and thrown away if it is wrong", "[data]") {
  Fixture f;
  const HttpServer server(f.rightly());
  f.data.write("small/numbers.gz.part", f.numbers.substr(0, 500));
  f.data.write("small/notes.part", "not its beginning");
  f.get({&server});
  CHECK(f.is_complete());
  CHECK(f.failures.empty());
  const auto requests = server.requests();
  REQUIRE(requests.size() == 3);
  CHECK(requests[0].range == "bytes=500-");
  CHECK(requests[1].range == "bytes=17-");
  CHECK(requests[2].range.empty());
}

TEST_CASE("a part that is whole needs no server", "[data]") {
  Fixture f;
  const HttpServer empty([](const HttpRequest&) { return answer("404 Not Found"); });
  f.data.write("small/numbers.gz.part", f.numbers);
  f.data.write("small/notes.part", f.notes);
  f.get({&empty});
  CHECK(f.is_complete());
  CHECK(empty.requests().empty());
}

TEST_CASE("all reasons are told when no mirror has a file", "[data]") {
  Fixture f;
  const HttpServer a([](const HttpRequest&) { return answer("404 Not Found"); });
  const HttpServer b([](const HttpRequest&) { return answer("500 Oh"); });
  const std::string message = f.error({&a, &b});
  CHECK(message == (f.folder / "numbers.gz").string() + ": cannot be fetched: " + a.url() +
                       "numbers.gz: the server answers 404; " + b.url() + "numbers.gz: the server answers 500; " +
                       "a copy from elsewhere can be put there by hand");
}

TEST_CASE("fetching can be interrupted and gone on with", "[data]") {
  Fixture f;
  const HttpServer slow([&](const HttpRequest& r) { return cut(serve(r, f.contents(r)), 800, true); });
  const HttpServer whole(f.rightly());
  std::uintmax_t have = 0;
  f.options.stall_seconds = 60;
  f.callbacks.on_progress = [&](const envs::DataFile&, std::uintmax_t bytes) { have = bytes; };
  f.callbacks.stop = [&] { return have == 800; };
  CHECK_THROWS_AS(f.get({&slow, &whole}), Interrupted);
  CHECK(whole.requests().empty());
  CHECK_FALSE(f.is_there("numbers.gz"));
  f.callbacks.stop = {};
  f.get({&whole});
  CHECK(f.is_complete());
  CHECK(whole.requests()[0].range == "bytes=800-");
}

TEST_CASE("a full disk is told once, not tried on other mirrors", "[data]") {
  Fixture f;
  const HttpServer a(f.rightly());
  const HttpServer b(f.rightly());
  std::string message;
  {
    const FullDisk full(1000);
    message = f.error({&a, &b});
  }
  CHECK(message == (f.folder / "numbers.gz.part").string() + ": cannot write: File too large");
  CHECK(b.requests().empty());
  f.get({&b});
  CHECK(f.is_complete());
}

TEST_CASE("two processes do not fetch into one folder", "[data]") {
  Fixture f;
  const HttpServer server(f.rightly());
  std::filesystem::create_directories(f.folder);
  const io::FolderLock held(f.folder, "holding it");
  CHECK(f.error({&server}) == f.folder.string() + ": another process is fetching into this folder");
}

TEST_CASE("a folder that cannot be made is told", "[data]") {
  Fixture f;
  f.folder = f.data.write("file", "") / "small";
  const HttpServer server([](const HttpRequest&) { return answer("404 Not Found"); });
  CHECK(has(f.error({&server}), "file/small: cannot make the folder: Not a directory"));
}

TEST_CASE("mirrors are addresses of folders", "[data]") {
  CHECK(mirror_named("http://a/b") == "http://a/b/");
  CHECK(mirror_named("https://a/b/") == "https://a/b/");
  for (const char* bad : {"", "ftp://a/", "a/b", "file:///a"}) {
    CHECK(has(message_of<ConfigError>([&] { (void)mirror_named(bad); }), "--mirror must begin with http://"));
  }
}

}  // namespace
}  // namespace saccade::experiments
