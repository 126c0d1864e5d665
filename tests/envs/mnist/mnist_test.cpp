#include "envs/mnist/mnist.hpp"

#include <algorithm>
#include <string>

#include "core/errors.hpp"
#include "core/io/sha256.hpp"
#include "envs/scenes/scenes.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/check_environment.hpp"
#include "tests/support/gzip.hpp"
#include "tests/support/messages.hpp"
#include "tests/support/small_mnist.hpp"

namespace saccade::envs {
namespace {

using namespace tests;

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
  write_small_mnist(folder);
  CHECK(has_mnist(folder.path()));
  const ImageSplits splits = load_mnist(folder.path(), {4});
  check_splits(splits);
  CHECK(check_environment(ImageRecognition("mnist", splits)) == no_faults);
}

TEST_CASE("MNIST is read from compressed files, and from a mixture", "[mnist]") {
  const TempFolder folder;
  write_small_mnist(folder);
  for (const char* name : {mnist_train_images, mnist_test_labels}) {
    const std::string plain = folder.read(name);
    std::filesystem::remove(folder / name);
    folder.write(std::string(name) + ".gz", gzip(plain));
  }
  CHECK(has_mnist(folder.path()));
  check_splits(load_mnist(folder.path(), {4}));
}

TEST_CASE("MNIST has a digest of each file's contents, compressed or not", "[mnist]") {
  const TempFolder folder;
  write_small_mnist(folder);
  const std::string digests = load_mnist(folder.path(), {4}).digests;
  CHECK(has(digests, io::sha256_of(std::string{0, 1, 2}) + "  t10k-labels-idx1-ubyte\n"));
  CHECK(std::count(digests.begin(), digests.end(), '\n') == 4);
  const std::vector<std::string> notes = Scenes("scenes", {}, load_mnist(folder.path(), {4})).notes();
  CHECK(notes.size() == 4);
  CHECK(notes.front() == "train-images-idx3-ubyte is not that of MNIST as it was published");
  folder.write(std::string(mnist_test_labels) + ".gz", gzip(folder.read(mnist_test_labels)));
  std::filesystem::remove(folder / mnist_test_labels);
  CHECK(load_mnist(folder.path(), {5}).digests == digests);
  CHECK(Scenes("scenes", {}, load_mnist(folder.path(), {4})).data_digests() == digests);
  folder.write(mnist_train_images, idx_images(12, 1));
  CHECK(load_mnist(folder.path(), {4}).digests != digests);
}

TEST_CASE("a missing file of MNIST is named", "[mnist]") {
  for (const char* name : {mnist_train_images, mnist_train_labels, mnist_test_images, mnist_test_labels}) {
    const TempFolder folder;
    write_small_mnist(folder);
    std::filesystem::remove(folder / name);
    CHECK(has_mnist(folder.path()));
    CHECK(has(error(folder), (folder / name).string()));
  }
}

TEST_CASE("a corrupt file of MNIST is named", "[mnist]") {
  for (const char* name : {mnist_train_images, mnist_train_labels, mnist_test_images, mnist_test_labels}) {
    const TempFolder folder;
    write_small_mnist(folder);
    folder.write(name, "<html>404</html>");
    CHECK(has(error(folder), (folder / name).string() + ": not an IDX file"));
    write_small_mnist(folder);
    folder.write(name, folder.read(name).substr(0, 10));
    CHECK(has(error(folder), (folder / name).string() + ": truncated"));
  }
}

TEST_CASE("files of MNIST that do not belong together are refused", "[mnist]") {
  const TempFolder folder;
  write_small_mnist(folder);
  folder.write(mnist_train_labels, idx_labels(11));
  CHECK(error(folder) == (folder / mnist_train_labels).string() + ": expected a label for each of 12 images, got 11");
  folder.write(mnist_train_labels, idx_images(12, 0));
  CHECK(has(error(folder), (folder / mnist_train_labels).string() + ": expected an IDX array of rank 1"));
}

TEST_CASE("labels above 9 and images of another size are refused", "[mnist]") {
  const TempFolder folder;
  write_small_mnist(folder);
  folder.write(mnist_test_labels, idx_header(1, {3}) + std::string{1, 10, 2});
  CHECK(error(folder) == (folder / mnist_test_labels).string() + ": expected labels 0 to 9, got 10 at index 1");
  write_small_mnist(folder);
  folder.write(mnist_test_images, idx_images(3, 0, 27));
  CHECK(error(folder) == (folder / mnist_test_images).string() + ": expected images of 28x28 pixels, got 27x27");
}

TEST_CASE("validation must leave images to train with", "[mnist]") {
  const TempFolder folder;
  write_small_mnist(folder);
  CHECK(load_mnist(folder.path(), {11}).train.size() == 1);
  for (const std::size_t count : {12UL, 13UL}) {
    CHECK(has(
        message_of<ConfigError>([&] { (void)load_mnist(folder.path(), {count}); }),
        "environment.validation must leave training images: " + (folder / mnist_train_images).string() + " holds 12"));
  }
}

}  // namespace
}  // namespace saccade::envs
