#include "core/io/folder_lock.hpp"

#include <optional>

#include "core/errors.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/messages.hpp"
#include "tests/support/temp_folder.hpp"

namespace saccade::io {
namespace {

using namespace tests;

std::string lock_error(const std::filesystem::path& folder) {
  return message_of<IoError>([&] { const FolderLock lock(folder, "at work here"); });
}

TEST_CASE("a folder is locked by one at a time, until it goes", "[io]") {
  const TempFolder folder;
  std::optional<FolderLock> lock(std::in_place, folder.path(), "at work here");
  CHECK(lock_error(folder.path()) == folder.path().string() + ": another process is at work here");
  {
    const FolderLock moved(std::move(*lock));
    lock.reset();
    CHECK(has(lock_error(folder.path()), "another process"));
  }
  CHECK(lock_error(folder.path()) == "(no error)");
  CHECK(folder.files() == 0);
}

TEST_CASE("what is no folder cannot be locked", "[io]") {
  const TempFolder folder;
  CHECK(has(lock_error(folder / "absent"), "absent: cannot be locked: No such file"));
  CHECK(has(lock_error(folder.write("file", "")), "file: cannot be locked: Not a directory"));
}

}  // namespace
}  // namespace saccade::io
