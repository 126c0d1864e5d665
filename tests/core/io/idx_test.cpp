#include "core/io/idx.hpp"

#include <string>

#include "core/errors.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/gzip.hpp"
#include "tests/support/messages.hpp"
#include "tests/support/temp_folder.hpp"

using saccade::IoError;
using saccade::tests::gzip;
using saccade::tests::has;
using saccade::tests::message_of;
using saccade::tests::TempFolder;
namespace io = saccade::io;

namespace {

std::string bytes(std::initializer_list<int> values) {
  std::string text;
  for (const int value : values) text += static_cast<char>(value);
  return text;
}

/// Two images of 2 x 3.
std::string images() {
  return bytes({0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3, 0, 1, 2, 3, 4, 5, 250, 251, 252, 253, 254, 255});
}

std::string read_error(const TempFolder& folder, const std::string& contents) {
  const auto path = folder.write("file", contents);
  std::string message = message_of<IoError>([&] { io::read_idx(path); });
  const std::string prefix = path.string() + ": ";
  return message.starts_with(prefix) ? message.substr(prefix.size()) : "(without the path) " + message;
}

}  // namespace

TEST_CASE("an IDX file is read, plain and compressed", "[io]") {
  const TempFolder folder;
  for (const std::string& contents : {images(), gzip(images())}) {
    const io::IdxArray array = io::read_idx(folder.write("images", contents), 3);
    CHECK(array.shape == std::vector<std::uint32_t>{2, 2, 3});
    CHECK(array.values == std::vector<std::uint8_t>{0, 1, 2, 3, 4, 5, 250, 251, 252, 253, 254, 255});
  }
}

TEST_CASE("sizes are big-endian", "[io]") {
  const TempFolder folder;
  const auto path = folder.write("labels", bytes({0, 0, 8, 1, 0, 0, 1, 2}) + std::string(258, '\7'));
  CHECK(io::read_idx(path, 1).shape == std::vector<std::uint32_t>{258});
}

TEST_CASE("an IDX array without values is read", "[io]") {
  const TempFolder folder;
  CHECK(io::read_idx(folder.write("none", bytes({0, 0, 8, 1, 0, 0, 0, 0}))).values.empty());
}

TEST_CASE("an IDX file is refused wherever it is cut", "[io]") {
  const TempFolder folder;
  const std::string whole = images();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CHECK(read_error(folder, whole.substr(0, size)).starts_with("truncated: "));
    CHECK(read_error(folder, gzip(whole.substr(0, size))).starts_with("truncated: "));
  }
  CHECK(read_error(folder, whole.substr(0, 3)) ==
        "truncated: an IDX file starts with 4 bytes of magic number, this one has 3 bytes");
  CHECK(read_error(folder, whole.substr(0, 9)) ==
        "truncated: the IDX header of rank 3 takes 16 bytes, the file ends at byte 9");
  CHECK(read_error(folder, whole.substr(0, 20)) ==
        "truncated: the IDX header promises 2x2x3 = 12 values from byte 16 on, the file holds 4");
}

TEST_CASE("bytes after the values are refused", "[io]") {
  const TempFolder folder;
  CHECK(read_error(folder, images() + "x") ==
        "trailing bytes: the IDX header promises 2x2x3 = 12 values from byte 16 on, the file holds 13");
}

TEST_CASE("what is no IDX file of bytes is refused", "[io]") {
  const TempFolder folder;
  CHECK(read_error(folder, "<!DOCTYPE html>") == "not an IDX file: it starts with the bytes 3c 21 instead of 00 00");
  CHECK(has(read_error(folder, bytes({0, 0, 0x0d, 1, 0, 0, 0, 0})), "32-bit floats (0d); only unsigned bytes"));
  CHECK(has(read_error(folder, bytes({0, 0, 0x42, 1, 0, 0, 0, 0})), "an unknown type (42)"));
  CHECK(read_error(folder, bytes({0, 0, 8, 0})) == "byte 3 gives the IDX array the rank 0");
}

TEST_CASE("absurd sizes are refused and not allocated", "[io]") {
  const TempFolder folder;
  const std::string large = bytes({0x7f, 0xff, 0xff, 0xff});
  CHECK(has(read_error(folder, bytes({0, 0, 8, 1}) + large), "truncated: the IDX header promises 2147483647 ="));
  CHECK(has(read_error(folder, bytes({0, 0, 8, 4}) + large + large + large + large), "impossible"));
  CHECK(has(read_error(folder, bytes({0, 0, 8, 255})), "the IDX header of rank 255 takes 1024 bytes"));
}

TEST_CASE("labels in the place of images are refused", "[io]") {
  const TempFolder folder;
  const auto path = folder.write("labels", bytes({0, 0, 8, 1, 0, 0, 0, 2, 7, 8}));
  CHECK(message_of<IoError>([&] { io::read_idx(path, 3); }) ==
        path.string() + ": expected an IDX array of rank 3, the file holds one of rank 1 (2)");
}
