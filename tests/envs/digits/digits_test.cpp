#include "envs/digits/digits.hpp"

#include <algorithm>

#include "envs/digits/strokes.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/check_environment.hpp"

namespace saccade::envs {
namespace {

using namespace tests;

ImageSplits draw(const DigitsConfig& config, std::size_t threads = 1) {
  parallel::Workers workers(threads);
  return draw_digits(config, workers);
}

TEST_CASE("the world of digits keeps the promises of an environment", "[digits]") {
  CHECK(check_environment(ImageRecognition("digits", draw({30, 20, 10, 0}))) == no_faults);
}

TEST_CASE("the sizes and classes of the splits of digits", "[digits]") {
  const ImageSplits splits = draw({35, 20, 10, 0});
  CHECK(splits.shape == Shape{28, 28, 1});
  CHECK(splits.classes == 10);
  CHECK(splits.train.size() == 35);
  CHECK(splits.validation.size() == 20);
  CHECK(splits.test.pixels.size() == 10 * 28 * 28);
  for (std::size_t i = 0; i < 35; ++i) CHECK(splits.train.labels[i] == i % 10);
}

TEST_CASE("digits do not depend on threads or on the sizes of splits", "[digits]") {
  const ImageSplits one = draw({600, 10, 10, 0});
  const ImageSplits three = draw({600, 10, 20, 0}, 3);
  CHECK(one.train.pixels == three.train.pixels);
  CHECK(one.validation.pixels == three.validation.pixels);
  CHECK(std::equal(one.test.pixels.begin(), one.test.pixels.end(), three.test.pixels.begin()));
}

TEST_CASE("splits and seeds share no digit", "[digits]") {
  const ImageSplits splits = draw({10, 10, 10, 0});
  CHECK(splits.train.pixels != splits.validation.pixels);
  CHECK(splits.train.pixels != splits.test.pixels);
  CHECK(splits.validation.pixels != splits.test.pixels);
  CHECK(splits.test.pixels != draw({10, 10, 10, 1}).test.pixels);
}

TEST_CASE("a digit of the world is the drawing of its index", "[digits]") {
  const ImageSplits splits = draw({15, 1, 1, 3});
  random::Stream stream(3, random::Purpose("digits train"), 0, 12);
  const DigitImage expected = draw_digit(2, stream);
  CHECK(std::equal(expected.begin(), expected.end(), splits.train.pixels.begin() + 12 * 28 * 28));
}

TEST_CASE("a set of digits may vary less than usual", "[digits]") {
  const ImageSplits splits = draw({15, 1, 1, 3, 0.25});
  random::Stream stream(3, random::Purpose("digits train"), 0, 12);
  const DigitImage expected = draw_digit(2, stream, 0.25F);
  CHECK(std::equal(expected.begin(), expected.end(), splits.train.pixels.begin() + 12 * 28 * 28));
}

/// FNV-1a.
std::uint64_t hash_of(const std::vector<std::uint8_t>& bytes) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const std::uint8_t byte : bytes) hash = (hash ^ byte) * 0x100000001b3;
  return hash;
}

TEST_CASE("the pictures of digits are the same for ever", "[digits]") {
  const ImageSplits splits = draw({100, 100, 100, 0});
  CHECK(hash_of(splits.train.pixels) == 0x87c4799077df12fb);
  CHECK(hash_of(splits.validation.pixels) == 0xf89187db5f80f170);
  CHECK(hash_of(splits.test.pixels) == 0xe84ba4bcdda00ab);
}

}  // namespace
}  // namespace saccade::envs
