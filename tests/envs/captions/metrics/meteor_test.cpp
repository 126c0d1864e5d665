#include "envs/captions/metrics/meteor.hpp"

#include <cmath>

#include "tests/envs/captions/metrics/corpora.hpp"

namespace saccade::envs::captions {
namespace {

using namespace tests;

TEST_CASE("METEOR weighs recall, precision and order", "[captions]") {
  // Four pairs in two chunks; 5 words against 6: P = 4/5, R = 4/6.
  const Meteor meteor = meteor_exact_stem(corpus({{"a b x c d", {"a b c d e f"}}}), meteor_2005);
  const double mean = 0.8 * (4.0 / 6) / (0.9 * 0.8 + 0.1 * (4.0 / 6));
  CHECK(meteor.images.each[0] == near(mean * (1 - 0.5 / 8)));
  CHECK(meteor.corpus == near(meteor.images.each[0]));
}

TEST_CASE("stems count for less in METEOR 1.5", "[captions]") {
  const Corpus stems = corpus({{"dogs running", {"dog run"}}});
  CHECK(meteor_exact_stem(stems, meteor_2005).corpus == near(1 - 0.5 / 8));
  CHECK(meteor_exact_stem(stems, meteor_2014).corpus == near(0.6));
  CHECK(meteor_exact_stem(corpus({{"dogs ran", {"dog run"}}}), meteor_2014).corpus ==
        near(0.3 * (1 - 0.6 * std::pow(1.0, 0.2))));
}

TEST_CASE("a caption that is its reference has a METEOR of 1 by the rules of 2014", "[captions]") {
  const Corpus same = corpus({{"a b c d", {"x", "a b c d"}}});
  CHECK(meteor_exact_stem(same, meteor_2014).corpus == near(1));
  CHECK(meteor_exact_stem(same, meteor_2005).corpus == near(1 - 0.5 / 64));
  const Corpus shorter = corpus({{"a b c d", {"a b c d e"}}});
  CHECK(meteor_exact_stem(shorter, meteor_2014).corpus ==
        near(0.8 / (0.85 + 0.15 * 0.8) * (1 - 0.6 * std::pow(0.25, 0.2))));
}

TEST_CASE("METEOR of a corpus is that of the sums, each image with its best reference", "[captions]") {
  const Corpus two = corpus({{"a b", {"b a", "a b", "c"}}, {"c d e", {"c x x x"}}});
  const Meteor meteor = meteor_exact_stem(two, meteor_2005);
  CHECK(meteor.images.each[0] == near(1 - 0.5 / 8));
  const double second = 1.0 / 3 * 0.25 / (0.9 / 3 + 0.1 * 0.25) * 0.5;
  CHECK(meteor.images.each[1] == near(second));
  CHECK(meteor.images.mean == near((1 - 0.5 / 8 + second) / 2));
  // Three pairs in two chunks, five words against six.
  const double mean = 0.6 * 0.5 / (0.9 * 0.6 + 0.1 * 0.5);
  CHECK(meteor.corpus == near(mean * (1 - 0.5 * 8 / 27)));
}

TEST_CASE("captions without a common stem have no METEOR", "[captions]") {
  const Meteor meteor = meteor_exact_stem(corpus({{"a", {"b"}}, {"", {"b"}}, {"a", {""}}}));
  CHECK(meteor.corpus == 0);
  CHECK(meteor.images.each == std::vector<double>{0, 0, 0});
}

}  // namespace
}  // namespace saccade::envs::captions
