#include "envs/captions/metrics/rouge.hpp"

#include "tests/envs/captions/metrics/corpora.hpp"

namespace saccade::envs::captions {
namespace {

using namespace tests;

double f(double precision, double recall) { return 2.44 * precision * recall / (recall + 1.44 * precision); }

TEST_CASE("ROUGE-L measures the longest common subsequence", "[captions]") {
  // Lin 2004: both have three words of "police killed the gunman", but only two of the other are in its order.
  const ImageScores scores = rouge_l(corpus({{"police kill the gunman", {"police killed the gunman"}},
                                             {"the gunman kill police", {"police killed the gunman"}}}));
  CHECK(scores.each[0] == near(0.75));
  CHECK(scores.each[1] == near(0.5));
  CHECK(scores.mean == near(0.625));
}

TEST_CASE("precision and recall of ROUGE-L may come from different references", "[captions]") {
  // a b c d e of the long one gives precision 5/6, x of the short one recall 1.
  const ImageScores scores = rouge_l(corpus({{"a b x c d e", {"a b c d e f g h i j", "x"}}}));
  CHECK(scores.each[0] == near(f(5.0 / 6, 1)));
}

TEST_CASE("recall weighs more in ROUGE-L than precision", "[captions]") {
  CHECK(rouge_l(corpus({{"a b", {"a b c d"}}})).each[0] == near(f(1, 0.5)));
  CHECK(rouge_l(corpus({{"a b c d", {"a b"}}})).each[0] == near(f(0.5, 1)));
  CHECK(f(1, 0.5) < f(0.5, 1));
}

TEST_CASE("captions without a common word have no ROUGE-L", "[captions]") {
  CHECK(rouge_l(corpus({{"a", {"b"}}, {"", {"b"}}, {"a", {""}}})).each == std::vector<double>{0, 0, 0});
}

}  // namespace
}  // namespace saccade::envs::captions
