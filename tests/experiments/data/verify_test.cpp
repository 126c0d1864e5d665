#include "experiments/data/verify.hpp"

#include "tests/experiments/data/small_set.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_folder.hpp"

namespace saccade::experiments {
namespace {

using namespace tests;

struct Fixture : SmallSet {
  TempFolder folder;

  [[nodiscard]] std::vector<FileCheck> checks() const { return verify(folder.path(), set); }
};

TEST_CASE("missing files are missing under their published names", "[data]") {
  const Fixture f;
  const auto checks = f.checks();
  REQUIRE(checks.size() == 2);
  CHECK(checks[0].state == FileState::missing);
  CHECK(checks[0].path == f.folder / "numbers.gz");
  CHECK(checks[1].state == FileState::missing);
}

TEST_CASE("right files are right in either form, each form with its own digest", "[data]") {
  const Fixture f;
  f.folder.write("numbers.gz", f.numbers);
  f.folder.write("numbers", f.numbers_expanded);
  f.folder.write("notes", f.notes);
  const auto checks = f.checks();
  REQUIRE(checks.size() == 3);
  for (const FileCheck& check : checks) CHECK(check.state == FileState::right);
  CHECK(checks[0].path == f.folder / "numbers");
  CHECK(checks[0].expanded);
  CHECK(checks[0].sha256 == io::sha256_of(f.numbers_expanded));
  CHECK(checks[1].sha256 == io::sha256_of(f.numbers));
  CHECK_FALSE(checks[2].expanded);
}

TEST_CASE("files of the wrong length or contents are wrong", "[data]") {
  const Fixture f;
  std::string changed = f.notes;
  changed[17] = static_cast<char>(changed[17] ^ 1);
  f.folder.write("numbers.gz", f.numbers.substr(0, 100));
  f.folder.write("notes", changed);
  const auto checks = f.checks();
  REQUIRE(checks.size() == 2);
  CHECK(checks[0].state == FileState::wrong);
  CHECK(checks[0].fault == "expected " + std::to_string(f.numbers.size()) + " bytes, got 100");
  CHECK(checks[1].state == FileState::wrong);
  CHECK(checks[1].fault == "expected SHA-256 " + io::sha256_of(f.notes));
  CHECK(checks[1].sha256 == io::sha256_of(changed));
}

}  // namespace
}  // namespace saccade::experiments
