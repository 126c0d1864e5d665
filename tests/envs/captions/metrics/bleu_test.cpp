#include "envs/captions/metrics/bleu.hpp"

#include <cmath>

#include "tests/envs/captions/metrics/corpora.hpp"

namespace saccade::envs::captions {
namespace {

using namespace tests;

TEST_CASE("counts are clipped at the largest count in one reference", "[captions]") {
  // The example of Papineni et al. 2002: "the" is right twice of seven times.
  const Bleu the =
      bleu(corpus({{"the the the the the the the", {"the cat is on the mat", "there is a cat on the mat"}}}));
  CHECK(the.precision[0] == near(2.0 / 7));
  CHECK(the.precision[1] == 0);
  CHECK(the.plain[0] == near(2.0 / 7));
  CHECK(the.plain[1] == 0);
  CHECK(the.standard[1] == 0);
}

TEST_CASE("BLEU of a corpus sums counts before it divides", "[captions]") {
  // 1-grams 4 of 5 and 1 of 2, 2-grams 2 of 4 and 0 of 1, 3-grams 0.
  const Bleu both = bleu(corpus({{"a b x c d", {"a b c d"}}, {"e y", {"e f"}}}));
  CHECK(both.precision[0] == near(5.0 / 7));
  CHECK(both.precision[1] == near(2.0 / 5));
  CHECK(both.plain[1] == near(std::sqrt(5.0 / 7 * 2.0 / 5)));
  CHECK(both.plain[2] == 0);
  CHECK(both.candidate_length == 7);
  CHECK(both.reference_length == 6);
  CHECK(both.brevity_penalty == 1);
}

TEST_CASE("captions that are too short are paid for in one of the two BLEUs only", "[captions]") {
  const Bleu half = bleu(corpus({{"a b c", {"a b c d e f"}}}));
  CHECK(half.brevity_penalty == near(std::exp(-1.0)));
  CHECK(half.plain[2] == near(1));
  CHECK(half.standard[2] == near(std::exp(-1.0)));
  CHECK(half.plain[3] == 0);  // there is no 4-gram
}

TEST_CASE("the reference of the closest length counts, the shorter of two", "[captions]") {
  CHECK(bleu(corpus({{"a b c", {"a", "a b", "a b c d", "a b c d e"}}})).reference_length == 2);
  CHECK(bleu(corpus({{"a b c", {"a b c d", "a b"}}})).reference_length == 2);
  CHECK(bleu(corpus({{"a b c", {"a", "a b c d"}}})).reference_length == 4);
  CHECK(bleu(corpus({{"a b", {"a b"}}})).brevity_penalty == 1);
}

TEST_CASE("empty captions score 0", "[captions]") {
  const Bleu empty = bleu(corpus({{"", {"a b"}}}));
  for (std::size_t n = 0; n < max_order; ++n) {
    CHECK(empty.plain[n] == 0);
    CHECK(empty.standard[n] == 0);
  }
  CHECK(sentence_bleu(corpus({{"", {"a b"}}})).each == std::vector<double>{0});
}

TEST_CASE("BLEU of a caption is smoothed from the 2-grams on", "[captions]") {
  const ImageScores scores = sentence_bleu(corpus({{"a b c d x", {"a b c d e"}}, {"x y", {"a b"}}, {"a", {"a"}}}));
  CHECK(scores.each[0] == near(std::pow(4.0 / 5 * 4 / 5 * 3 / 4 * 2 / 3, 0.25)));
  CHECK(scores.each[1] == 0);
  CHECK(scores.each[2] == near(std::pow(1.0 / 8, 0.25)));
  CHECK(scores.mean == near((scores.each[0] + scores.each[2]) / 3));
}

}  // namespace
}  // namespace saccade::envs::captions
