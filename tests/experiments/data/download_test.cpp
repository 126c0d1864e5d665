#include "experiments/data/download.hpp"

#include "tests/experiments/data/small_set.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/full_disk.hpp"
#include "tests/support/http_server.hpp"
#include "tests/support/messages.hpp"
#include "tests/support/temp_folder.hpp"

namespace saccade::experiments {
namespace {

using namespace tests;

/// A file to download into a folder.
struct Fixture {
  std::string file = noise(300'000, 3);
  TempFolder folder;
  DownloadOptions options;

  Fixture() { options.stall_seconds = 1; }

  void get(const HttpServer& server) const { download(server.url() + "file", folder / "part", file.size(), options); }
  [[nodiscard]] std::string error(const HttpServer& server) const {
    return message_of<DownloadError>([&] { get(server); });
  }
  void write_part(std::size_t bytes) const { folder.write("part", file.substr(0, bytes)); }
  [[nodiscard]] std::string part() const { return folder.read("part"); }
};

TEST_CASE("a file is downloaded", "[data]") {
  Fixture f;
  std::uintmax_t last = 0;
  f.options.on_progress = [&](std::uintmax_t bytes) { last = bytes; };
  const HttpServer server([&](const HttpRequest& request) { return serve(request, f.file); });
  f.get(server);
  CHECK(f.part() == f.file);
  CHECK(last == f.file.size());
  REQUIRE(server.requests().size() == 1);
  CHECK(server.requests()[0].target == "/file");
  CHECK(server.requests()[0].range.empty());
}

TEST_CASE("what is there is not downloaded again", "[data]") {
  const Fixture f;
  const HttpServer server([&](const HttpRequest& request) { return serve(request, f.file); });
  f.write_part(123'456);
  f.get(server);
  CHECK(f.part() == f.file);
  REQUIRE(server.requests().size() == 1);
  CHECK(server.requests()[0].range == "bytes=123456-");
  f.get(server);
  CHECK(server.requests().size() == 1);
}

TEST_CASE("a download begins anew where ranges are not known", "[data]") {
  const Fixture f;
  f.folder.write("part", "something else");
  const HttpServer server([&](const HttpRequest&) { return serve_all(f.file); });
  f.get(server);
  CHECK(f.part() == f.file);
}

TEST_CASE("a part that is longer than the file is begun anew", "[data]") {
  const Fixture f;
  f.folder.write("part", f.file + "more");
  const HttpServer server([&](const HttpRequest& request) { return serve(request, f.file); });
  f.get(server);
  CHECK(f.part() == f.file);
  CHECK(server.requests()[0].range.empty());
}

TEST_CASE("a file whose length is not told beforehand is downloaded", "[data]") {
  const Fixture f;
  const HttpServer server([&](const HttpRequest&) { return serve_without_length(f.file); });
  f.get(server);
  CHECK(f.part() == f.file);
}

TEST_CASE("redirections are followed, within HTTP", "[data]") {
  const Fixture f;
  const HttpServer server([&](const HttpRequest& request) {
    if (request.target == "/file") return answer("302 Found", "Location: /elsewhere\r\n");
    return serve(request, f.file);
  });
  f.write_part(1000);
  f.get(server);
  CHECK(f.part() == f.file);
  CHECK(server.requests().back().target == "/elsewhere");
  CHECK(server.requests().back().range == "bytes=1000-");

  const HttpServer local([&](const HttpRequest&) { return answer("302 Found", "Location: file:///etc/passwd\r\n"); });
  f.write_part(1000);
  CHECK(has(f.error(local), "Protocol \"file\""));
  CHECK(f.part() == f.file.substr(0, 1000));
}

TEST_CASE("a server that redirects for ever is given up", "[data]") {
  const Fixture f;
  const HttpServer server([&](const HttpRequest&) { return answer("302 Found", "Location: /file\r\n"); });
  CHECK(has(f.error(server), "redirects"));
}

TEST_CASE("a download that breaks off keeps what has come", "[data]") {
  const Fixture f;
  const HttpServer server([&](const HttpRequest& request) { return cut(serve(request, f.file), 1000); });
  CHECK(f.error(server) == server.url() + "file: broke off after 1000 of 300000 bytes");
  CHECK(f.part() == f.file.substr(0, 1000));
  CHECK(has(f.error(server), "after 2000 of 300000 bytes"));
  CHECK(f.part() == f.file.substr(0, 2000));
}

TEST_CASE("a download that ends early without a length is noticed", "[data]") {
  const Fixture f;
  const HttpServer server([&](const HttpRequest&) { return serve_without_length(f.file.substr(0, 1000)); });
  CHECK(f.error(server) == server.url() + "file: ended after 1000 of 300000 bytes");
  CHECK(f.part() == f.file.substr(0, 1000));
}

TEST_CASE("a download that stalls is given up and keeps what has come", "[data]") {
  const Fixture f;
  const HttpServer server([&](const HttpRequest& request) { return cut(serve(request, f.file), 1000, true); });
  CHECK(has(f.error(server), "timed out at 1000 of 300000 bytes"));
  CHECK(f.part() == f.file.substr(0, 1000));
}

TEST_CASE("a server that never answers is given up", "[data]") {
  const Fixture f;
  const HttpServer server([&](const HttpRequest&) { return HttpResponse{"", true}; });
  CHECK(has(f.error(server), "timed out at 0 of 300000 bytes"));
}

TEST_CASE("a server that nobody runs is told", "[data]") {
  const Fixture f;
  std::string url;
  {
    const HttpServer server([](const HttpRequest&) { return HttpResponse{}; });
    url = server.url();
  }
  const std::string message =
      message_of<DownloadError>([&] { download(url + "file", f.folder / "part", 10, f.options); });
  CHECK(message.starts_with(url + "file: Failed to connect"));
}

TEST_CASE("answers that are not the file leave what is there alone", "[data]") {
  const Fixture f;
  f.write_part(1000);
  const auto error_of = [&](const HttpResponse& response) {
    const HttpServer server([&](const HttpRequest&) { return response; });
    std::string message = f.error(server);
    CHECK(f.part() == f.file.substr(0, 1000));
    return message;
  };
  CHECK(has(error_of(answer("404 Not Found")), "file: the server answers 404"));
  CHECK(has(error_of(answer("503 Service Unavailable")), "the server answers 503"));
  CHECK(has(error_of(serve_all("<html>log in first</html>")), "expected a file of 300000 bytes, the server has 25"));
  CHECK(has(error_of(serve({"/file", "bytes=2000-"}, f.file)), "asked for byte 1000 on, got another piece"));
  CHECK(has(error_of(serve({"/file", "bytes=1000-"}, f.file + "x")), "expected a file of 300000 bytes"));
  CHECK(has(error_of({"HTTP/1.1 206 Partial Content\r\n\r\nabc"}), "got another piece"));
  CHECK(has(error_of({"HTTP/1.1 203 Other\r\n\r\nabc"}), "expected the answer 200, got 203"));
  CHECK(has(error_of({"nothing like HTTP\r\n\r\n"}), "file: "));
  CHECK(has(error_of({""}), "file: "));
}

TEST_CASE("a server that sends too much is stopped", "[data]") {
  const Fixture f;
  const HttpServer server([&](const HttpRequest&) { return serve_without_length(f.file + f.file); });
  CHECK(has(f.error(server), "sends more than the 300000 bytes of the file"));
  CHECK(f.part().size() <= f.file.size());
}

TEST_CASE("a download can be interrupted and gone on with", "[data]") {
  Fixture f;
  bool stall = true;
  const HttpServer server([&](const HttpRequest& request) {
    return stall ? cut(serve(request, f.file), 100'000, true) : serve(request, f.file);
  });
  std::uintmax_t have = 0;
  f.options.stall_seconds = 60;
  f.options.on_progress = [&](std::uintmax_t bytes) { have = bytes; };
  f.options.stop = [&] { return have == 100'000; };
  CHECK(message_of<Interrupted>([&] { f.get(server); }) ==
        "interrupted at 100000 of 300000 bytes of " + server.url() + "file");
  CHECK(f.part() == f.file.substr(0, 100'000));
  stall = false;
  f.options.stop = {};
  f.get(server);
  CHECK(f.part() == f.file);
  CHECK(server.requests().back().range == "bytes=100000-");
}

TEST_CASE("a full disk ends a download, and a fault of the disk is none of the server", "[data]") {
  const Fixture f;
  const HttpServer server([&](const HttpRequest& request) { return serve(request, f.file); });
  std::string message;
  {
    const FullDisk full(50'000);
    try {
      f.get(server);
    } catch (const DownloadError&) {
      message = "(taken for the server's fault)";
    } catch (const IoError& error) {
      message = error.what();
    }
  }
  CHECK(message == (f.folder / "part").string() + ": cannot write: File too large");
  CHECK(f.part() == f.file.substr(0, 50'000));
  f.get(server);
  CHECK(f.part() == f.file);
}

TEST_CASE("an error of the caller passes through a download", "[data]") {
  Fixture f;
  f.options.on_progress = [](std::uintmax_t) { throw ShapeError("mine"); };
  const HttpServer server([&](const HttpRequest& request) { return serve(request, f.file); });
  CHECK(message_of<ShapeError>([&] { f.get(server); }) == "mine");
}

TEST_CASE("the proxy of the environment is used", "[data]") {
  const Fixture f;
  const HttpServer proxy([&](const HttpRequest& request) { return serve(request, f.file); });
  ::setenv("http_proxy", proxy.url().c_str(), 1);
  download("http://mirror.invalid/file", f.folder / "part", f.file.size(), f.options);
  ::unsetenv("http_proxy");
  CHECK(f.part() == f.file);
  REQUIRE(proxy.requests().size() == 1);
  CHECK(proxy.requests()[0].target == "http://mirror.invalid/file");
}

}  // namespace
}  // namespace saccade::experiments
