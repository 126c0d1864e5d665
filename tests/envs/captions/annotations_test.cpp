#include "envs/captions/annotations.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <limits>
#include <thread>

#include "core/errors.hpp"
#include "core/io/safetensors.hpp"
#include "core/tensor/float16.hpp"
#include "tests/support/allocations.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/full_disk.hpp"
#include "tests/support/messages.hpp"
#include "tests/support/temp_folder.hpp"

namespace saccade::envs::captions {
namespace {

using namespace tests;
namespace fs = std::filesystem;

const Shape shape{2, 1, 3};
const std::vector<std::string> names{"a.jpg", "folder/b.jpg", "c.jpg", "d e.jpg"};
const AnnotationSource source{"net.onnx", std::string(64, '7'), "conv5", 224, "RGB, 1 (x - 0)", "by hand"};

/// The annotations of an image of the test: numbers that float16 rounds.
std::vector<float> row(std::size_t image) {
  std::vector<float> numbers;
  for (std::size_t i = 0; i < shape.size(); ++i) numbers.push_back(static_cast<float>(10 * image + i) + 0.3F);
  return numbers;
}

/// Those that come back.
std::vector<Real> kept(std::size_t image) {
  std::vector<Real> numbers;
  for (const float x : row(image)) numbers.push_back(Real{from_float16(to_float16(x))});
  return numbers;
}

std::vector<Real> read(const Annotations& annotations, std::size_t image) {
  std::vector<Real> numbers(annotations.shape().size());
  annotations.read(image, numbers);
  return numbers;
}

/// Writes what is missing.
void write_all(const fs::path& target) {
  AnnotationWriter writer(target, names, shape, source);
  while (writer.rows() < names.size()) writer.write(row(writer.rows()));
  writer.finish();
}

std::string whole_file() {
  const TempFolder folder;
  write_all(folder / "x.annotations");
  return folder.read("x.annotations");
}

/// What opening, or else verifying, a file with these contents says after its path.
std::string fault_of(const std::string& contents) {
  const TempFolder folder;
  const fs::path path = folder.write("bad", contents);
  const std::string message = message_of<IoError>([&] { Annotations::open(path).verify(); });
  const std::string prefix = path.string() + ": ";
  return message.starts_with(prefix) ? message.substr(prefix.size()) : message;
}

std::string replaced(std::string text, const std::string& part, const std::string& by) {
  return text.replace(text.find(part), part.size(), by);
}

/// A writer that dies after some rows.
void write_and_be_killed(const fs::path& target, std::size_t rows) {
  const pid_t child = ::fork();
  if (child == 0) {
    AnnotationWriter writer(target, names, shape, source);
    for (std::size_t i = 0; i < rows; ++i) writer.write(row(writer.rows()));
    static_cast<void>(::raise(SIGKILL));
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  CHECK(WIFSIGNALED(status));
}

TEST_CASE("annotations come back as they were written, rounded to float16", "[annotations]") {
  const TempFolder folder;
  write_all(folder / "x.annotations");
  const Annotations annotations = Annotations::open(folder / "x.annotations");
  CHECK(folder.files() == 1);
  CHECK(annotations.size() == 4);
  CHECK(annotations.shape() == shape);
  CHECK(annotations.names() == names);
  CHECK(annotations.source() == source);
  for (std::size_t i = 0; i < names.size(); ++i) {
    CHECK(annotations.row_of(names[i]) == i);
    CHECK(read(annotations, i) == kept(i));
  }
  annotations.verify();
}

TEST_CASE("a file of annotations is a safetensors file", "[annotations]") {
  const TempFolder folder;
  const io::SafeTensors file(folder.write("x", whole_file()));
  CHECK(file.names() == std::vector<std::string>{"annotations", "sha256"});
  CHECK(file.dtype("annotations") == io::DType::f16);
  CHECK(file.shape("annotations") == std::vector<std::size_t>{4, 2, 1, 3});
  CHECK(file.metadata().at("layer") == "conv5");
}

TEST_CASE("annotations can be moved", "[annotations]") {
  const TempFolder folder;
  Annotations annotations = Annotations::open(folder.write("x", whole_file()));
  const Annotations moved = std::move(annotations);
  CHECK(moved.contains("c.jpg"));
  CHECK(read(moved, 2) == kept(2));
}

TEST_CASE("threads read annotations at once, without a heap allocation", "[annotations]") {
  const TempFolder folder;
  const Annotations annotations = Annotations::open(folder.write("x", whole_file()));
  std::array<bool, 3> right{};
  std::vector<std::thread> threads;
  for (bool& mine : right) {
    threads.emplace_back([&annotations, &mine] {
      std::size_t wrong = 0;
      for (std::size_t i = 0; i < 400; ++i) wrong += read(annotations, i % 4) == kept(i % 4) ? 0 : 1;
      mine = wrong == 0;
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(right == std::array{true, true, true});
  std::vector<Real> numbers(shape.size());
  const std::size_t before = allocations();
  annotations.read(annotations.row_of("c.jpg"), numbers);
  CHECK(allocations() == before);
}

TEST_CASE("images that are not there and wrong room are refused", "[annotations]") {
  const TempFolder folder;
  const Annotations annotations = Annotations::open(folder.write("x", whole_file()));
  std::vector<Real> numbers(shape.size() + 1);
  CHECK_FALSE(annotations.contains("b.jpg"));
  CHECK(message_of<IoError>([&] { (void)annotations.row_of("b.jpg"); }) ==
        (folder / "x").string() + ": holds no annotations of b.jpg");
  CHECK(message_of<ArgumentError>([&] { annotations.read(0, numbers); }) ==
        "Annotations::read: expected room for 6 numbers, got 7");
  CHECK(message_of<ArgumentError>([&] { annotations.read(4, std::span(numbers).first(6)); }) ==
        "Annotations::read: row 4 of 4");
}

TEST_CASE("a truncated file of annotations is refused, wherever it ends", "[annotations]") {
  const std::string whole = whole_file();
  for (std::size_t bytes = 0; bytes < whole.size(); ++bytes) {
    INFO(bytes);
    CHECK(has(fault_of(whole.substr(0, bytes)), "truncated: "));
  }
  CHECK(has(fault_of(whole + "x"), "trailing bytes: "));
}

TEST_CASE("a changed bit is found, in the header at opening", "[annotations]") {
  const TempFolder folder;
  const std::string whole = whole_file();
  const std::size_t data = whole.size() - 128 - 4 * 6 * 2;
  std::size_t not_found = 0;
  std::size_t late = 0;
  for (std::size_t byte = 0; byte < whole.size(); ++byte) {
    std::string changed = whole;
    changed[byte] = static_cast<char>(changed[byte] ^ 1);
    not_found += fault_of(changed) == "(no error)" ? 1 : 0;
    const fs::path path = folder.write("bad", changed);
    if (byte < data) late += message_of<IoError>([&] { (void)Annotations::open(path); }) == "(no error)" ? 1 : 0;
  }
  CHECK(not_found == 0);
  CHECK(late == 0);
  CHECK(has(fault_of(replaced(whole, "conv5", "conv4")), "the header is corrupt: expected SHA-256 "));
}

/// A file whose header is what a writer could have meant.
std::string signed_file(const std::vector<io::ArrayEntry>& arrays, const io::Metadata& metadata) {
  const std::string head = io::safetensors_head(arrays, metadata);
  std::string data(arrays.empty() ? 0 : arrays.back().end, '\0');
  if (data.size() >= 128) data.replace(data.size() - 128, 64, io::sha256_of(head));
  return head + data;
}

TEST_CASE("files of another kind are told by what is wrong", "[annotations]") {
  const io::Metadata facts{{"format", "saccade annotations 1"},
                           {"images", "a\n"},
                           {"encoder", "e"},
                           {"encoder_sha256", "s"},
                           {"layer", "l"},
                           {"input_size", "1"},
                           {"pixels", "p"},
                           {"library", "none"}};
  const auto with = [&](const char* key, const char* value) {
    io::Metadata changed = facts;
    changed[key] = value;
    return changed;
  };
  const io::ArrayEntry values{"annotations", io::DType::f16, {1, 1, 1, 2}, 0, 4};
  const io::ArrayEntry digests{"sha256", io::DType::u8, {2, 64}, 4, 132};
  const std::vector<io::ArrayEntry> both{values, digests};
  io::Metadata without = facts;
  without.erase("layer");
  CHECK(has(fault_of(signed_file(both, facts)), "the annotations are corrupt: "));  // all else is right
  CHECK(fault_of(signed_file(both, {})) == "the header has no metadata format");
  CHECK(fault_of(signed_file(both, with("format", "saccade annotations 2"))) ==
        R"(metadata format is "saccade annotations 2", expected "saccade annotations 1")");
  CHECK(fault_of(signed_file(both, without)) == "the header has no metadata layer");
  CHECK(fault_of(signed_file(both, with("input_size", "1x"))) == R"(metadata input_size is "1x", not a whole number)");
  CHECK(fault_of(signed_file(both, with("images", "a\nb\n"))) == "metadata images has 2 lines for 1 rows");
  CHECK(fault_of(signed_file(both, with("images", "a\na\n"))) == "rows 0 and 1 are both of image a");
  CHECK(fault_of(signed_file({values}, facts)) == "its arrays are not annotations and, after it, sha256");
  CHECK(fault_of(signed_file({{"annotations", io::DType::f32, {1}, 0, 4}, digests}, facts)) ==
        "array annotations is F32 with 1 axes, expected F16 [N, H, W, D]");
  CHECK(fault_of(signed_file({values, {"sha256", io::DType::u8, {8}, 4, 12}}, facts)) ==
        "array sha256 is not U8 [2, 64]");
}

TEST_CASE("writing goes on after a kill, wherever the file ends", "[annotations]") {
  const std::string whole = whole_file();
  for (std::size_t bytes = 0; bytes <= whole.size(); ++bytes) {
    const TempFolder folder;
    folder.write("x.annotations.part/annotations", whole.substr(0, bytes));
    write_all(folder / "x.annotations");
    INFO(bytes);
    CHECK((folder.read("x.annotations") == whole && folder.files() == 1));
  }
}

TEST_CASE("rows of a killed writer are kept, and the file appears when it is whole", "[annotations]") {
  const TempFolder folder;
  const fs::path target = folder / "x.annotations";
  write_and_be_killed(target, 1);
  write_and_be_killed(target, 2);
  CHECK_FALSE(fs::exists(target));
  AnnotationWriter writer(target, names, shape, source);
  CHECK(writer.rows() == 3);
  writer.write(row(3));
  CHECK_FALSE(fs::exists(target));
  writer.finish();
  CHECK(folder.read("x.annotations") == whole_file());
}

TEST_CASE("two writers of one file are one too many", "[annotations]") {
  const TempFolder folder;
  const fs::path target = folder / "x.annotations";
  AnnotationWriter first(target, names, shape, source);
  first.write(row(0));
  CHECK(message_of<IoError>([&] { write_all(target); }) ==
        target.string() + ".part: another process is making these annotations");
  write_all(folder / "y.annotations");
  for (std::size_t i = 1; i < names.size(); ++i) first.write(row(i));
  first.finish();
  CHECK(folder.read("x.annotations") == folder.read("y.annotations"));
  CHECK(message_of<IoError>([&] { write_all(target); }) == target.string() + ": is there already");
}

TEST_CASE("rows of other images or settings are not gone on with", "[annotations]") {
  const TempFolder folder;
  const fs::path target = folder / "x.annotations";
  write_and_be_killed(target, 1);
  const std::string before = folder.read("x.annotations.part/annotations");
  AnnotationSource other = source;
  other.layer = "conv4, which has a name that makes the header longer than the whole part of the file is";
  const std::string message =
      target.string() +
      ".part: was begun with other images, another encoder or other settings; remove it to begin anew";
  CHECK(message_of<IoError>([&] { AnnotationWriter(target, names, shape, other); }) == message);
  CHECK(message_of<IoError>([&] { AnnotationWriter(target, {"a.jpg"}, shape, source); }) == message);
  CHECK(message_of<IoError>([&] { AnnotationWriter(target, names, {2, 1, 2}, source); }) == message);
  CHECK(folder.read("x.annotations.part/annotations") == before);
}

TEST_CASE("a part without a row is no hindrance to other settings", "[annotations]") {
  const TempFolder folder;
  const fs::path target = folder / "x.annotations";
  write_and_be_killed(target, 0);
  AnnotationSource other = source;
  other.layer = "conv4";
  CHECK(AnnotationWriter(target, names, shape, other).rows() == 0);
}

TEST_CASE("what cannot be kept as annotations is refused", "[annotations]") {
  const TempFolder folder;
  const fs::path target = folder / "x.annotations";
  AnnotationWriter writer(target, names, shape, source);
  writer.write(row(0));
  std::vector<float> bad = row(1);
  bad[2] = 70'000;
  CHECK(message_of<NonFiniteError>([&] { writer.write(bad); }) ==
        "the annotations of folder/b.jpg cannot be kept: number 2 is 70000");
  bad[2] = std::numeric_limits<float>::quiet_NaN();
  CHECK(message_of<NonFiniteError>([&] { writer.write(bad); }) ==
        "the annotations of folder/b.jpg cannot be kept: number 2 is nan");
  bad.pop_back();
  CHECK(message_of<ArgumentError>([&] { writer.write(bad); }) == "AnnotationWriter::write: expected 6 numbers, got 5");
  CHECK(message_of<ArgumentError>([&] { writer.finish(); }) == "AnnotationWriter::finish: 1 of 4 rows are there");
  for (std::size_t i = 1; i < names.size(); ++i) writer.write(row(i));
  CHECK(message_of<ArgumentError>([&] { writer.write(row(0)); }) == "AnnotationWriter::write: all rows are there");
  writer.finish();
  CHECK(folder.read("x.annotations") == whole_file());
}

TEST_CASE("arguments of a writer are checked before anything is made", "[annotations]") {
  const TempFolder folder;
  const auto fault = [&](const std::vector<std::string>& images, const Shape& extents) {
    return message_of<ArgumentError>([&] { AnnotationWriter(folder / "x", images, extents, source); });
  };
  CHECK(fault({}, shape) == "AnnotationWriter: there are no images");
  CHECK(fault({"a", "a"}, shape) == "AnnotationWriter: image a is there twice");
  CHECK(fault({"a\nb"}, shape) == "AnnotationWriter: \"a\nb\" is no name of an image");
  CHECK(fault(names, {2, 3}) == "AnnotationWriter: expected a shape [H, W, D], got [2, 3]");
  CHECK(fault(names, {2, 3, 0}) == "AnnotationWriter: expected a shape [H, W, D], got [2, 3, 0]");
  CHECK(folder.files() == 0);
  CHECK(message_of<IoError>([&] { write_all(folder / "no/x"); }) ==
        (folder / "no/x.part").string() + ": cannot be made: No such file or directory");
}

TEST_CASE("a full disk loses no whole row of annotations", "[annotations]") {
  const TempFolder folder;
  const fs::path target = folder / "x.annotations";
  {
    AnnotationWriter writer(target, names, shape, source);
    writer.write(row(0));
    const FullDisk full(fs::file_size(folder / "x.annotations.part/annotations") + 17);
    writer.write(row(1));
    CHECK(has(message_of<IoError>([&] { writer.write(row(2)); }), "cannot write: File too large"));
  }
  CHECK(AnnotationWriter(target, names, shape, source).rows() == 2);
  write_all(target);
  CHECK(folder.read("x.annotations") == whole_file());
}

}  // namespace
}  // namespace saccade::envs::captions
