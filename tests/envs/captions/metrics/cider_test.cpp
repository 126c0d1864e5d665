#include "envs/captions/metrics/cider.hpp"

#include <cmath>

#include "tests/envs/captions/metrics/corpora.hpp"

namespace saccade::envs::captions {
namespace {

using namespace tests;

TEST_CASE("a caption that is its only reference has all of CIDEr", "[captions]") {
  const Corpus same = corpus({{"a b c d", {"a b c d"}}, {"e f g h", {"e f g h"}}});
  CHECK(cider(same).mean == near(10));
  CHECK(cider_d(same).mean == near(10));
}

TEST_CASE("orders of n-grams that a caption does not have count as nothing", "[captions]") {
  CHECK(cider(corpus({{"a b", {"a b"}}, {"c d", {"c d"}}})).mean == near(5));
}

TEST_CASE("what is said of all images is worth nothing", "[captions]") {
  // "a" is in the references of both images: its weight is log 1. One image alone has only such words.
  const Corpus two = corpus({{"a b", {"a c"}}, {"a d", {"a d"}}});
  CHECK(cider(two).each[0] == 0);
  CHECK(cider(two).each[1] == near(5));
  CHECK(cider(corpus({{"a b c d", {"a b c d"}}})).mean == 0);
}

TEST_CASE("CIDEr is the cosine of counts weighted by rarity", "[captions]") {
  // Of N = 3 images, df(a) = 2 and df(b) = 1; x, in no reference, weighs as if in one: log 3.
  const Corpus three = corpus({{"a x b", {"b a", "c"}}, {"p", {"a"}}, {"q", {"r"}}});
  const double a = std::log(1.5);
  const double b = std::log(3.0);
  const double unigrams = (a * a + b * b) / (std::sqrt(a * a + 2 * b * b) * std::sqrt(a * a + b * b));
  CHECK(cider(three).each[0] == near(10 * unigrams / 4 / 2));
  CHECK(cider_d(three).each[0] == near(10 * unigrams * std::exp(-1.0 / 72) / 4 / 2));
}

TEST_CASE("an n-gram that is in two references of an image is in one image", "[captions]") {
  const Corpus two = corpus({{"a", {"a", "a"}}, {"b", {"b", "c"}}});
  CHECK(cider(two).each[0] == near(2.5));
}

TEST_CASE("repeating a word helps in CIDEr, not in CIDEr-D", "[captions]") {
  const Corpus repeated = corpus({{"a a a b", {"a b"}}, {"c", {"d"}}});
  const double cosine = 4 / std::sqrt(10.0 * 2);
  const double bigrams = 1 / std::sqrt(5.0);  // aa twice, ab once
  CHECK(cider(repeated).each[0] == near(10 * (cosine + bigrams) / 4));
  const double clipped = 2 / std::sqrt(10.0 * 2);
  CHECK(cider_d(repeated).each[0] == near(10 * (clipped + bigrams) * std::exp(-4.0 / 72) / 4));
}

TEST_CASE("an empty caption has no CIDEr", "[captions]") {
  const Corpus empty = corpus({{"", {"a b"}}, {"c", {"d"}}});
  CHECK(cider(empty).mean == 0);
  CHECK(cider_d(empty).mean == 0);
}

}  // namespace
}  // namespace saccade::envs::captions
