#include <chrono>
#include <csignal>
#include <optional>
#include <thread>

#include "core/io/file.hpp"
#include "core/io/sha256.hpp"
#include "envs/data_sets.hpp"
#include "envs/mnist/mnist.hpp"
#include "experiments/experiment.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/command.hpp"
#include "tests/support/http_server.hpp"
#include "tests/support/skip.hpp"

// Serves the MNIST that is here from this machine to this machine.
namespace saccade::tests {
namespace {

namespace fs = std::filesystem;

const envs::DataSet& set() { return *envs::find_data_set("mnist"); }

/// The published file, if it lies here in that form.
std::optional<std::string> published(const envs::DataFile& file) {
  const fs::path path = *envs::find_folder(set(), experiments::data_folders("")) / file.name;
  if (!fs::exists(path)) return std::nullopt;
  return io::read_file(path);
}

TEST_CASE("the digests of MNIST are those of the published files and of what they expand to") {
  for (const envs::DataFile& file : set().files) {
    INFO(file.name);
    const fs::path folder = *envs::find_folder(set(), experiments::data_folders(""));
    const std::string contents = io::read_file_or_gzip(envs::forms_in(folder, file).front());
    CHECK(contents.size() == file.expanded->size);
    CHECK(io::sha256_of(contents) == file.expanded->sha256);
    if (const auto bytes = published(file)) {
      CHECK(bytes->size() == file.published.size);
      CHECK(io::sha256_of(*bytes) == file.published.sha256);
    }
  }
}

TEST_CASE("MNIST is fetched, after a kill too, and can be read") {
  std::vector<std::string> files;
  for (const envs::DataFile& file : set().files) {
    if (const auto bytes = published(file)) files.push_back(*bytes);
  }
  if (skipped(files.size() == set().files.size() ? "" : "MNIST lies here expanded: there is nothing to serve")) return;
  const HttpServer server([&](const HttpRequest& request) {
    for (std::size_t i = 0; i < files.size(); ++i) {
      if (!request.target.ends_with(set().files[i].name)) continue;
      const HttpResponse response = serve(request, files[i]);
      return request.range.empty() && i == 0 ? cut(response, 1'000'000, true) : response;
    }
    return answer("404 Not Found");
  });
  const TempFolder folder;
  const TempFolder outputs;
  const Arguments arguments{"data", "fetch", "mnist", "--mirror", server.url(), "--to", folder.path().string()};
  const pid_t process = start(outputs, arguments);
  const fs::path part = folder / "mnist/train-images-idx3-ubyte.gz.part";
  std::error_code missing;
  for (int i = 0; i < 2000 && (fs::file_size(part, missing) != 1'000'000 || missing); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  ::kill(process, SIGKILL);
  CHECK(wait_for(process) == -SIGKILL);
  CHECK_FALSE(fs::exists(folder / "mnist/train-images-idx3-ubyte.gz"));

  const Outcome fetched = run_command(outputs, arguments);
  INFO(fetched.error);
  CHECK(fetched.code == 0);
  CHECK(server.requests()[1].range == "bytes=1000000-");
  CHECK(has(fetched.out, "all files of mnist are right; use them with --data " + folder.path().string()));
  const Outcome verified = run_command(outputs, {"data", "verify", "mnist", "--data", folder.path().string()});
  CHECK(verified.code == 0);
  CHECK(std::count(verified.out.begin(), verified.out.end(), '\n') == 4);
  CHECK(envs::load_mnist(folder / "mnist", {}).test.size() == 10'000);
}

}  // namespace
}  // namespace saccade::tests
