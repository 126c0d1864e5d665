#include "core/io/file.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <string>

#include "core/errors.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/full_disk.hpp"
#include "tests/support/gzip.hpp"
#include "tests/support/messages.hpp"
#include "tests/support/temp_folder.hpp"

using saccade::IoError;
using saccade::tests::FullDisk;
using saccade::tests::gzip;
using saccade::tests::has;
using saccade::tests::message_of;
using saccade::tests::TempFolder;
namespace io = saccade::io;
namespace fs = std::filesystem;

namespace {

std::string varied_text(std::size_t bytes) {
  std::string text;
  for (unsigned state = 1; text.size() < bytes; state = state * 1664525u + 1013904223u) {
    text += static_cast<char>(state >> 24);
  }
  return text;
}

std::string expand_error(const fs::path& path) {
  return message_of<IoError>([&] { io::read_file_or_gzip(path); });
}

}  // namespace

TEST_CASE("a file is read as it is", "[io]") {
  const TempFolder folder;
  const std::string text = varied_text(200'000);
  CHECK(io::read_file(folder.write("long", text)) == text);
  CHECK(io::read_file(folder.write("empty", "")).empty());
  CHECK(io::read_bytes(folder / "long").size() == text.size());
}

TEST_CASE("a file that cannot be read is named", "[io]") {
  const TempFolder folder;
  CHECK(message_of<IoError>([&] { io::read_file(folder / "absent"); }) ==
        (folder / "absent").string() + ": cannot open: No such file or directory");
  CHECK(message_of<IoError>([&] { io::read_file(folder.path()); }) ==
        folder.path().string() + ": cannot read: Is a directory");
}

TEST_CASE("gzip is recognised by its first bytes", "[io]") {
  const TempFolder folder;
  const std::string text = varied_text(700'000);
  CHECK(io::read_file_or_gzip(folder.write("plain.gz", text)) == text);
  CHECK(io::read_file_or_gzip(folder.write("packed", gzip(text))) == text);
  CHECK(io::read_file_or_gzip(folder.write("nothing", gzip(""))).empty());
  CHECK(io::read_file_or_gzip(folder.write("short", "\x1f")) == "\x1f");
  CHECK(io::read_file_or_gzip(folder.write("zeros", gzip(std::string(3'000'000, '\0')))).size() == 3'000'000);
}

TEST_CASE("gzip members in a row are joined", "[io]") {
  const TempFolder folder;
  CHECK(io::read_file_or_gzip(folder.write("two", gzip("left ") + gzip("right"))) == "left right");
}

TEST_CASE("a truncated gzip file is refused wherever it is cut", "[io]") {
  const TempFolder folder;
  const std::string packed = gzip("three saccades and a fixation");
  for (std::size_t bytes = 2; bytes < packed.size(); ++bytes) {
    const auto path = folder.write("cut", packed.substr(0, bytes));
    CHECK(expand_error(path) == path.string() + ": gzip data are truncated: the file ends at byte " +
                                    std::to_string(bytes) + " inside the compressed stream");
  }
}

TEST_CASE("a corrupt gzip file is refused", "[io]") {
  const TempFolder folder;
  const std::string packed = gzip(varied_text(1000));
  const auto with_flipped = [&](std::size_t offset) {
    std::string broken = packed;
    broken[offset] = static_cast<char>(broken[offset] ^ 0x55);
    return expand_error(folder.write("broken", broken));
  };
  CHECK(has(with_flipped(2), "gzip data are corrupt near byte"));
  CHECK(has(with_flipped(packed.size() / 2), "the CRC of the contents does not match"));
  CHECK(has(with_flipped(packed.size() - 8), "the CRC of the contents does not match"));
  CHECK(has(with_flipped(packed.size() - 1), "incorrect length check"));
  CHECK(has(with_flipped(packed.size() - 1), (folder / "broken").string()));
}

TEST_CASE("bytes after the gzip data are refused", "[io]") {
  const TempFolder folder;
  const std::string packed = gzip("text");
  CHECK(has(expand_error(folder.write("more", packed + "xyz")),
            "3 bytes that are no gzip data follow the compressed stream at byte " + std::to_string(packed.size())));
}

TEST_CASE("an atomic write replaces the file and leaves nothing else", "[io]") {
  const TempFolder folder;
  io::write_atomically(folder / "result", "one");
  CHECK(folder.read("result") == "one");
  io::write_atomically(folder / "result", varied_text(100'000));
  CHECK(folder.read("result") == varied_text(100'000));
  CHECK(folder.files() == 1);
}

TEST_CASE("without a commit nothing appears", "[io]") {
  const TempFolder folder;
  folder.write("result", "old");
  {
    io::AtomicFile file(folder / "result");
    file.write("new");
    CHECK(folder.read("result") == "old");
  }
  CHECK(folder.read("result") == "old");
  CHECK(folder.files() == 1);
}

TEST_CASE("a full disk leaves the old file and removes the temporary one", "[io]") {
  const TempFolder folder;
  folder.write("result", "old");
  std::string message;
  {
    const FullDisk disk(4096);
    message = message_of<IoError>([&] { io::write_atomically(folder / "result", std::string(10'000, 'x')); });
  }
  CHECK(message == (folder / "result").string() + ": cannot write: File too large");
  CHECK(folder.read("result") == "old");
  CHECK(folder.files() == 1);
}

TEST_CASE("temporary files of processes that are gone are removed, and nothing else", "[io]") {
  const TempFolder folder;
  const pid_t gone = ::fork();
  if (gone == 0) ::_exit(0);
  ::waitpid(gone, nullptr, 0);
  folder.write(".result." + std::to_string(gone) + ".0.tmp", "half");
  const std::vector<std::string> kept{
      ".result." + std::to_string(::getpid()) + ".0.tmp", ".other.tmp", ".tmp", "x.tmp", ".a.b.c.tmp", "result"};
  for (const std::string& name : kept) folder.write(name, "");
  io::remove_stale_temporaries(folder.path());
  CHECK(folder.files() == kept.size());
  for (const std::string& name : kept) CHECK(fs::exists(folder / name));
  io::remove_stale_temporaries(folder / "absent");
}

TEST_CASE("a target that cannot be written is named", "[io]") {
  const TempFolder folder;
  const auto write_error = [](const fs::path& path) {
    return message_of<IoError>([&] { io::write_atomically(path, "text"); });
  };
  CHECK(write_error(folder / "absent/result") ==
        (folder / "absent/result").string() + ": cannot open for writing: No such file or directory");
  CHECK(write_error(folder.path()) == folder.path().string() + ": cannot write: Is a directory");
  CHECK(write_error("/dev/full") == "/dev/full: cannot write: it exists and is not a regular file");
  folder.write("file", "");
  CHECK(has(write_error(folder / "file/result"), "Not a directory"));
}

TEST_CASE("a read-only folder is named", "[io]") {
  if (::geteuid() == 0) return;  // nothing is read-only to root
  const TempFolder folder;
  fs::permissions(folder.path(), fs::perms::owner_read | fs::perms::owner_exec);
  const std::string message = message_of<IoError>([&] { io::write_atomically(folder / "result", "text"); });
  fs::permissions(folder.path(), fs::perms::owner_all);
  CHECK(message == (folder / "result").string() + ": cannot open for writing: Permission denied");
}

TEST_CASE("an atomic write follows a symbolic link", "[io]") {
  const TempFolder folder;
  folder.write("real/result", "old");
  fs::create_symlink("real/result", folder / "link");
  io::write_atomically(folder / "link", "new");
  CHECK(fs::is_symlink(folder / "link"));
  CHECK(folder.read("real/result") == "new");
}

TEST_CASE("a full device is an error when the text is appended", "[io]") {
  io::OutputFile file = io::OutputFile::append("/dev/full");
  CHECK(message_of<IoError>([&] { file.write("text"); }) == "/dev/full: cannot write: No space left on device");
}

TEST_CASE("a file is read in pieces", "[io]") {
  const TempFolder folder;
  const std::string text = varied_text(200'000);
  std::string joined;
  std::size_t pieces = 0;
  io::read_in_pieces(folder.write("file", text), [&](std::span<const std::byte> piece) {
    joined.append(reinterpret_cast<const char*>(piece.data()), piece.size());
    ++pieces;
  });
  CHECK(joined == text);
  CHECK(pieces > 1);
  const auto nothing = [](std::span<const std::byte>) {};
  CHECK(has(message_of<IoError>([&] { io::read_in_pieces(folder / "absent", nothing); }), "cannot open: No such file"));
  CHECK(has(message_of<IoError>([&] { io::read_in_pieces(folder.path(), nothing); }), "cannot read: Is a directory"));
}

TEST_CASE("a file replaces another one", "[io]") {
  const TempFolder folder;
  folder.write("old", "old");
  io::replace(folder / "old", folder.write("new", "new"));
  CHECK(folder.read("old") == "new");
  CHECK(folder.files() == 1);
  CHECK(has(message_of<IoError>([&] { io::replace(folder / "old", folder / "absent"); }),
            "old: cannot replace: No such"));
}
