#include "envs/mnist/mnist.hpp"

#include <string>

#include "core/errors.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/check_environment.hpp"
#include "tests/support/gzip.hpp"
#include "tests/support/messages.hpp"
#include "tests/support/temp_folder.hpp"

namespace saccade::envs {
namespace {

using namespace tests;

constexpr const char* train_images = "train-images-idx3-ubyte";
constexpr const char* train_labels = "train-labels-idx1-ubyte";
constexpr const char* test_images = "t10k-images-idx3-ubyte";
constexpr const char* test_labels = "t10k-labels-idx1-ubyte";

std::string header(int rank, std::initializer_list<std::size_t> sizes) {
  std::string bytes{'\0', '\0', '\x08', static_cast<char>(rank)};
  for (const std::size_t size : sizes) bytes += std::string{'\0', '\0', '\0', static_cast<char>(size)};
  return bytes;
}

/// Image i is filled with `first` + i.
std::string images(std::size_t count, int first, std::size_t side = 28) {
  std::string bytes = header(3, {count, side, side});
  for (std::size_t i = 0; i < count; ++i) bytes += std::string(side * side, static_cast<char>(first + int(i)));
  return bytes;
}

/// Label i is i mod 10.
std::string labels(std::size_t count) {
  std::string bytes = header(1, {count});
  for (std::size_t i = 0; i < count; ++i) bytes += static_cast<char>(i % 10);
  return bytes;
}

/// A small MNIST: 12 training images, 3 to test.
void write(const TempFolder& folder) {
  folder.write(train_images, images(12, 0));
  folder.write(train_labels, labels(12));
  folder.write(test_images, images(3, 100));
  folder.write(test_labels, labels(3));
}

std::string error(const TempFolder& folder) {
  return message_of<IoError>([&] { (void)load_mnist(folder.path(), {4}); });
}

void check_splits(const ImageSplits& splits) {
  CHECK(splits.train.size() == 8);
  CHECK(splits.validation.size() == 4);
  CHECK(splits.test.size() == 3);
  CHECK(splits.train.pixels.back() == 7);
  CHECK(splits.validation.pixels.front() == 8);
  CHECK(splits.validation.labels == std::vector<std::uint8_t>{8, 9, 0, 1});
  CHECK(splits.test.pixels.front() == 100);
}

TEST_CASE("the validation images of MNIST are the last of the training files", "[mnist]") {
  const TempFolder folder;
  write(folder);
  CHECK(has_mnist(folder.path()));
  const ImageSplits splits = load_mnist(folder.path(), {4});
  check_splits(splits);
  CHECK(check_environment(ImageRecognition("mnist", splits)) == no_faults);
}

TEST_CASE("MNIST is read from compressed files, and from a mixture", "[mnist]") {
  const TempFolder folder;
  write(folder);
  for (const char* name : {train_images, test_labels}) {
    const std::string plain = folder.read(name);
    std::filesystem::remove(folder / name);
    folder.write(std::string(name) + ".gz", gzip(plain));
  }
  CHECK(has_mnist(folder.path()));
  check_splits(load_mnist(folder.path(), {4}));
}

TEST_CASE("a missing file of MNIST is named", "[mnist]") {
  for (const char* name : {train_images, train_labels, test_images, test_labels}) {
    const TempFolder folder;
    write(folder);
    std::filesystem::remove(folder / name);
    CHECK(has_mnist(folder.path()));
    CHECK(has(error(folder), (folder / name).string()));
  }
}

TEST_CASE("a corrupt file of MNIST is named", "[mnist]") {
  for (const char* name : {train_images, train_labels, test_images, test_labels}) {
    const TempFolder folder;
    write(folder);
    folder.write(name, "<html>404</html>");
    CHECK(has(error(folder), (folder / name).string() + ": not an IDX file"));
    write(folder);
    folder.write(name, folder.read(name).substr(0, 10));
    CHECK(has(error(folder), (folder / name).string() + ": truncated"));
  }
}

TEST_CASE("files of MNIST that do not belong together are refused", "[mnist]") {
  const TempFolder folder;
  write(folder);
  folder.write(train_labels, labels(11));
  CHECK(error(folder) == (folder / train_labels).string() + ": expected a label for each of 12 images, got 11");
  folder.write(train_labels, images(12, 0));
  CHECK(has(error(folder), (folder / train_labels).string() + ": expected an IDX array of rank 1"));
}

TEST_CASE("labels above 9 and images of another size are refused", "[mnist]") {
  const TempFolder folder;
  write(folder);
  folder.write(test_labels, header(1, {3}) + std::string{1, 10, 2});
  CHECK(error(folder) == (folder / test_labels).string() + ": expected labels 0 to 9, got 10 at index 1");
  write(folder);
  folder.write(test_images, images(3, 0, 27));
  CHECK(error(folder) == (folder / test_images).string() + ": expected images of 28x28 pixels, got 27x27");
}

TEST_CASE("validation must leave images to train with", "[mnist]") {
  const TempFolder folder;
  write(folder);
  CHECK(load_mnist(folder.path(), {11}).train.size() == 1);
  for (const std::size_t count : {12UL, 13UL}) {
    CHECK(has(message_of<ConfigError>([&] { (void)load_mnist(folder.path(), {count}); }),
              "environment.validation must leave training images: " + (folder / train_images).string() + " holds 12"));
  }
}

}  // namespace
}  // namespace saccade::envs
