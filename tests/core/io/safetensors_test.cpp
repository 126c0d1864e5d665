#include "core/io/safetensors.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <span>
#include <string>
#include <utility>

#include "core/errors.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/full_disk.hpp"
#include "tests/support/messages.hpp"
#include "tests/support/temp_folder.hpp"

using saccade::IoError;
using saccade::io::DType;
using saccade::io::NamedArray;
using saccade::io::SafeTensors;
using saccade::io::write_safetensors;
using saccade::tests::has;
using saccade::tests::message_of;
using saccade::tests::TempFolder;

namespace {

constexpr std::array<float, 2> weights{1.0f, -2.0f};
constexpr std::array<std::uint8_t, 3> letters{1, 2, 255};

std::vector<NamedArray> two_arrays() {
  return {{"n", {3}, std::span<const std::uint8_t>(letters)}, {"w", {1, 2}, std::span<const float>(weights)}};
}

/// A file with this header, filled up to a multiple of 8, and data.
std::string file_with(std::string header, const std::string& data) {
  header.resize((header.size() + 7) / 8 * 8, ' ');
  const std::uint64_t length = header.size();
  std::string text(8, '\0');
  std::memcpy(text.data(), &length, 8);
  return text + header + data;
}

std::string read_error(const TempFolder& folder, const std::string& contents) {
  const auto path = folder.write("bad", contents);
  std::string message = message_of<IoError>([&] { SafeTensors file(path); });
  const std::string prefix = path.string() + ": ";
  return message.starts_with(prefix) ? message.substr(prefix.size()) : "(without the path) " + message;
}

std::vector<float> floats(const SafeTensors& file, std::string_view name) {
  const auto values = file.values<float>(name);
  return {values.begin(), values.end()};
}

}  // namespace

TEST_CASE("the bytes of a safetensors file are fixed", "[io]") {
  const TempFolder folder;
  write_safetensors(folder / "file", two_arrays(), {{"step", "7"}, {"agent", "ram"}});
  const std::string header =
      R"({"__metadata__":{"agent":"ram","step":"7"},"w":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},)"
      R"("n":{"dtype":"U8","shape":[3],"data_offsets":[8,11]}})";
  const std::string data("\x00\x00\x80\x3f\x00\x00\x00\xc0\x01\x02\xff", 11);
  CHECK(folder.read("file") == file_with(header, data));
}

TEST_CASE("the order of the arrays does not matter", "[io]") {
  const TempFolder folder;
  std::vector<NamedArray> arrays = two_arrays();
  write_safetensors(folder / "one", arrays);
  std::swap(arrays[0], arrays[1]);
  write_safetensors(folder / "two", arrays);
  CHECK(folder.read("one") == folder.read("two"));
}

TEST_CASE("what is written is read back to the last bit", "[io]") {
  const TempFolder folder;
  const std::array<double, 3> doubles{0.1, -0.0, std::numeric_limits<double>::denorm_min()};
  const std::array<std::int64_t, 2> integers{std::numeric_limits<std::int64_t>::min(), 3};
  std::vector<NamedArray> arrays = two_arrays();
  arrays.push_back({"d", {3}, std::span<const double>(doubles)});
  arrays.push_back({"i", {2}, std::span<const std::int64_t>(integers)});
  arrays.push_back({"scalar", {}, std::span<const float>(weights).first(1)});
  arrays.push_back({"empty", {0, 5}, std::span<const float>()});
  write_safetensors(folder / "file", arrays, {{"note", "\"quoted\" \xc3\xa4"}});

  SafeTensors opened(folder / "file");
  const SafeTensors file = std::move(opened);
  CHECK(file.names() == std::vector<std::string>{"d", "i", "empty", "scalar", "w", "n"});
  CHECK(file.metadata().at("note") == "\"quoted\" \xc3\xa4");
  CHECK(std::ranges::equal(std::as_bytes(file.values<double>("d")), std::as_bytes(std::span(doubles))));
  CHECK(file.values<std::int64_t>("i")[0] == integers[0]);
  CHECK(floats(file, "w") == std::vector<float>{1.0f, -2.0f});
  CHECK(file.shape("w") == std::vector<std::size_t>{1, 2});
  CHECK(file.shape("scalar").empty());
  CHECK(file.values<float>("scalar").size() == 1);
  CHECK(file.values<float>("empty").empty());
  CHECK(file.values<std::uint8_t>("n")[2] == 255);
  CHECK(file.dtype("n") == DType::u8);
  CHECK(file.contains("n"));
  CHECK_FALSE(file.contains("m"));
}

TEST_CASE("a file without arrays is valid", "[io]") {
  const TempFolder folder;
  write_safetensors(folder / "file", {});
  CHECK(SafeTensors(folder / "file").names().empty());
}

TEST_CASE("a header that is not padded is read", "[io]") {
  const TempFolder folder;
  const std::string header = R"({"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})";
  std::string contents(8, '\0');
  contents[0] = static_cast<char>(header.size());
  REQUIRE(header.size() % 4 != 0);
  const SafeTensors file(folder.write("file", contents + header + std::string("\x00\x00\x80\x3f", 4)));
  CHECK(floats(file, "w") == std::vector<float>{1.0f});
}

TEST_CASE("a wrong name or type is told", "[io]") {
  const TempFolder folder;
  write_safetensors(folder / "file", two_arrays());
  const SafeTensors file(folder / "file");
  const std::string path = (folder / "file").string();
  CHECK(message_of<IoError>([&] { file.shape("v"); }) == path + ": there is no array named v");
  CHECK(message_of<IoError>([&] { file.values<double>("w"); }) == path + ": array w is of F32, not of F64");
}

TEST_CASE("arrays that cannot be written are refused before anything is", "[io]") {
  const TempFolder folder;
  const auto write = [&](std::vector<NamedArray> arrays, const saccade::io::Metadata& metadata = {}) {
    write_safetensors(folder / "file", arrays, metadata);
  };
  const std::span<const float> values(weights);
  CHECK(message_of<saccade::ShapeError>([&] {
          write({{"w", {3}, values}});
        }) == "write_safetensors: array w has the shape [3] but 2 values");
  CHECK(message_of<saccade::ArgumentError>([&] {
          write({{"w", {2}, values}, {"w", {2}, values}});
        }) == "write_safetensors: the name w is used twice");
  CHECK(has(message_of<saccade::ArgumentError>([&] { write({{"__metadata__", {2}, values}}); }), "__metadata__"));
  CHECK(has(message_of<saccade::ArgumentError>([&] { write({{"\xff", {2}, values}}); }), "must be UTF-8"));
  CHECK(has(message_of<saccade::ArgumentError>([&] { write({}, {{"key", "\xc3"}}); }), "must be UTF-8"));
  CHECK(folder.files() == 0);
}

TEST_CASE("a full disk keeps the last good checkpoint", "[io]") {
  const TempFolder folder;
  write_safetensors(folder / "file", two_arrays());
  const std::string before = folder.read("file");
  const std::vector<float> large(10'000);
  const std::vector<NamedArray> arrays{{"large", {large.size()}, std::span<const float>(large)}};
  std::string message;
  {
    const saccade::tests::FullDisk disk(8192);
    message = message_of<IoError>([&] { write_safetensors(folder / "file", arrays); });
  }
  CHECK(has(message, (folder / "file").string() + ": cannot write"));
  CHECK(folder.read("file") == before);
  CHECK(folder.files() == 1);
}

TEST_CASE("a safetensors file is refused wherever it is cut", "[io]") {
  const TempFolder folder;
  write_safetensors(folder / "file", two_arrays());
  const std::string whole = folder.read("file");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CHECK(read_error(folder, whole.substr(0, size)).starts_with("truncated: "));
  }
  CHECK(has(read_error(folder, whole + "x"), "trailing bytes: the arrays take 11 bytes of data, the file holds 12"));
}

TEST_CASE("a header length beyond all measure is refused", "[io]") {
  const TempFolder folder;
  CHECK(has(read_error(folder, std::string(16, '\xff')), "it would have a header of 18446744073709551615 bytes"));
  CHECK(has(read_error(folder, "a plain text file"), "not a safetensors file"));
}

TEST_CASE("a header that is not the right JSON is refused", "[io]") {
  const TempFolder folder;
  const auto error = [&](const std::string& header) { return read_error(folder, file_with(header, "")); };
  CHECK(has(error("{\"w\":"), "the safetensors header is not JSON"));
  CHECK(has(error("\xff\xfe"), "the safetensors header is not JSON"));
  CHECK(error("[1,2]") == "the safetensors header is not a JSON object");
  CHECK(error(R"({"__metadata__":3})") == "__metadata__ in the safetensors header is not a JSON object");
  CHECK(error(R"({"__metadata__":{"step":3}})") == "metadata step in the safetensors header is not a string");
  CHECK(error(R"({"w":3})") == "array w has no dtype");
  CHECK(error(R"({"w":{"dtype":"F32","shape":[0]}})") == "array w has no data_offsets");
  CHECK(error(R"({"w":{"dtype":"BF16","shape":[0],"data_offsets":[0,0]}})") ==
        "array w has the dtype \"BF16\"; F64, I64, F32, F16 and U8 can be read");
  CHECK(error(R"({"w":{"dtype":"F32","shape":[-1],"data_offsets":[0,0]}})") ==
        "the shape of array w is not a list of whole numbers: [-1]");
  CHECK(error(R"({"w":{"dtype":"F32","shape":[0],"data_offsets":[0]}})") ==
        "the data_offsets of array w are [0], not a begin and an end");
  CHECK(error(R"({"w":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},"w":{"dtype":"U8"}})") ==
        "the safetensors header has the key w twice");
}

TEST_CASE("offsets that do not fit are refused", "[io]") {
  const TempFolder folder;
  const auto entry = [](const std::string& name, const std::string& dtype, const std::string& shape,
                        const std::string& offsets) {
    return "\"" + name + R"(":{"dtype":")" + dtype + R"(","shape":[)" + shape + R"(],"data_offsets":[)" + offsets +
           "]}";
  };
  const auto error = [&](const std::string& entries, std::size_t bytes) {
    return read_error(folder, file_with("{" + entries + "}", std::string(bytes, '\0')));
  };
  CHECK(error(entry("w", "F32", "2", "0,4"), 4) ==
        "array w of F32 and shape [2] cannot take the 4 bytes that its data_offsets give it");
  CHECK(error(entry("w", "F32", "2", "8,0"), 8) == "the data_offsets of array w are [8, 0], not a begin and an end");
  CHECK(error(entry("w", "F64", "4294967296,4294967296", "0,0"), 0) ==
        "array w of F64 and shape [4294967296, 4294967296] cannot take the 0 bytes that its data_offsets give it");
  CHECK(error(entry("a", "F32", "2", "0,8") + "," + entry("b", "F32", "1", "4,8"), 8) ==
        "array b starts at byte 4 of the data, which overlaps the array before it, ending at byte 8");
  CHECK(error(entry("a", "F32", "1", "0,4") + "," + entry("b", "F32", "1", "8,12"), 12) ==
        "array b starts at byte 8 of the data, which leaves a gap after the array before it, ending at byte 4");
  CHECK(error(entry("a", "U8", "2", "0,2") + "," + entry("b", "F32", "1", "2,6"), 6) ==
        "array b of F32 is misaligned: its values start at byte 2 of the data");
  CHECK(error(entry("w", "F32", "4", "0,16"), 12) ==
        "truncated: array w ends at byte 16 of the data, the file holds 12");
}

TEST_CASE("the layout of arrays that are written in pieces can be read back", "[io]") {
  const TempFolder folder;
  const std::vector<saccade::io::ArrayEntry> arrays{{"half", DType::f16, {2, 3}, 0, 12}, {"u", DType::u8, {4}, 12, 16}};
  const std::string file = saccade::io::safetensors_head(arrays, {{"made", "by hand"}}) + std::string(16, '\1');
  const auto layout = saccade::io::read_safetensors_layout("file", std::as_bytes(std::span(file)));
  CHECK(layout.data_begin == file.size() - 16);
  CHECK(layout.metadata.at("made") == "by hand");
  REQUIRE(layout.arrays.size() == 2);
  CHECK(layout.arrays[0].name == "half");
  CHECK(layout.arrays[0].dtype == DType::f16);
  CHECK(layout.arrays[0].shape == std::vector<std::size_t>{2, 3});
  CHECK(layout.arrays[1].begin == 12);
  CHECK(SafeTensors(folder.write("file", file)).dtype("half") == DType::f16);
  CHECK(message_of<IoError>([&] {
          (void)saccade::io::read_safetensors_layout("file", std::as_bytes(std::span(file)).first(file.size() - 1));
        }) == "file: truncated: array u ends at byte 16 of the data, the file holds 15");
}
