#include "envs/data_sets.hpp"

#include <algorithm>
#include <set>

#include "tests/support/catch.hpp"
#include "tests/support/temp_folder.hpp"

namespace saccade::envs {
namespace {

using tests::TempFolder;

bool is_digest(const std::string& text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

TEST_CASE("every data set has mirrors or terms, sizes and digests", "[data]") {
  for (const DataSet& set : data_sets()) {
    INFO(set.name);
    CHECK(set.mirrors.empty() != set.terms.empty());
    for (const std::string& mirror : set.mirrors) {
      CHECK(mirror.starts_with("https://"));
      CHECK(mirror.ends_with('/'));
    }
    std::set<std::string> digests;
    for (const DataFile& file : set.files) {
      CHECK(file.published.size > 0);
      CHECK(is_digest(file.published.sha256));
      CHECK(digests.insert(file.published.sha256).second);
      CHECK(file.expanded.has_value() == file.name.ends_with(".gz"));
      if (file.expanded) CHECK(is_digest(file.expanded->sha256));
    }
  }
}

TEST_CASE("MNIST is the four published files", "[data]") {
  const DataSet* mnist = find_data_set("mnist");
  REQUIRE(mnist != nullptr);
  CHECK(mnist->files.size() == 4);
  CHECK(mnist->size() == 11'594'722);
  CHECK(mnist->files[0].expanded_name() == "train-images-idx3-ubyte");
  CHECK(mnist->files[0].expanded->size == 16 + 60'000 * 28 * 28);
  CHECK(mnist->files[1].expanded->size == 8 + 60'000);
  CHECK(find_data_set("mnits") == nullptr);
}

TEST_CASE("Flickr8k is the four texts, and its terms are told", "[data]") {
  const DataSet* flickr8k = find_data_set("flickr8k");
  REQUIRE(flickr8k != nullptr);
  CHECK(flickr8k->files.size() == 4);
  CHECK(flickr8k->size() == 3'395'237 + 154'678 + 25'801 + 25'775);
  CHECK(fetch_hint("flickr8k", "/a") == "; " + flickr8k->terms);
}

TEST_CASE("a set is found in the first folder that holds a file of it, in any form", "[data]") {
  const TempFolder a;
  const TempFolder b;
  const std::vector<std::filesystem::path> folders{a.path(), b.path()};
  const DataSet& mnist = *find_data_set("mnist");
  a.write("mnist/train-images-idx3-ubyte.gz.part", "");
  CHECK_FALSE(find_folder(mnist, folders));
  b.write("mnist/t10k-labels-idx1-ubyte.gz", "");
  CHECK(find_folder(mnist, folders) == b / "mnist");
  a.write("mnist/t10k-images-idx3-ubyte", "");
  CHECK(find_folder(mnist, folders) == a / "mnist");
}

TEST_CASE("the expanded form of a file comes first", "[data]") {
  const TempFolder folder;
  const DataFile& file = find_data_set("mnist")->files[0];
  CHECK(forms_in(folder.path(), file).empty());
  folder.write("train-images-idx3-ubyte.gz", "");
  CHECK(forms_in(folder.path(), file).size() == 1);
  folder.write("train-images-idx3-ubyte", "");
  CHECK(forms_in(folder.path(), file).front() == folder / "train-images-idx3-ubyte");
}

TEST_CASE("hints name the command that fetches a known set", "[data]") {
  CHECK(fetch_hint("mnist", "") == "; `saccade data fetch mnist` downloads what is missing");
  CHECK(fetch_hint("mnist", "/a") == "; `saccade data fetch mnist --to /a` downloads what is missing");
  CHECK(fetch_hint("unknown", "").empty());
}

}  // namespace
}  // namespace saccade::envs
