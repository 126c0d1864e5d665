#include "core/io/sha256.hpp"

#include "core/errors.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/messages.hpp"
#include "tests/support/temp_folder.hpp"

namespace saccade::io {
namespace {

using namespace tests;

// The examples of FIPS 180-4.
constexpr const char* digest_of_abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
constexpr const char* digest_of_nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
constexpr const char* digest_of_million_a = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";

TEST_CASE("SHA-256 of the standard's examples", "[io]") {
  CHECK(sha256_of("") == digest_of_nothing);
  CHECK(sha256_of("abc") == digest_of_abc);
  CHECK(sha256_of(std::string(1'000'000, 'a')) == digest_of_million_a);
}

TEST_CASE("SHA-256 of files, longer than what is read at once too", "[io]") {
  const TempFolder folder;
  CHECK(sha256_of_file(folder.write("none", "")) == digest_of_nothing);
  CHECK(sha256_of_file(folder.write("many", std::string(1'000'000, 'a'))) == digest_of_million_a);
  CHECK(has(message_of<IoError>([&] { (void)sha256_of_file(folder / "no"); }), "no: cannot open: No such file"));
}

}  // namespace
}  // namespace saccade::io
