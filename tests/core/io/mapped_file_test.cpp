#include "core/io/mapped_file.hpp"

#include <string>

#include "core/errors.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/messages.hpp"
#include "tests/support/temp_folder.hpp"

namespace saccade::io {
namespace {

using namespace tests;

std::string text_of(const MappedFile& file) {
  return {reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size()};
}

TEST_CASE("a mapped file shows the bytes of the file", "[io]") {
  const TempFolder folder;
  const std::string contents = std::string(10'000, 'a') + "end";
  MappedFile file(folder.write("file", contents));
  CHECK(text_of(file) == contents);
  MappedFile moved(std::move(file));
  CHECK(text_of(moved) == contents);
  MappedFile other(folder.write("other", "other"));
  other = std::move(moved);
  CHECK(text_of(other) == contents);
}

TEST_CASE("an empty file can be mapped", "[io]") {
  const TempFolder folder;
  CHECK(MappedFile(folder.write("none", "")).bytes().empty());
}

TEST_CASE("what cannot be mapped is told with its path", "[io]") {
  const TempFolder folder;
  CHECK(message_of<IoError>([&] { MappedFile file(folder / "no"); }) ==
        (folder / "no").string() + ": cannot open: No such file or directory");
  CHECK(message_of<IoError>([&] { MappedFile file(folder.path()); }) ==
        folder.path().string() + ": cannot read: Is a directory");
  CHECK(message_of<IoError>([&] { MappedFile file("/dev/null"); }) ==
        "/dev/null: cannot map: it is not a regular file");
}

}  // namespace
}  // namespace saccade::io
