#include "envs/captions/metrics/corpus.hpp"

#include "tests/envs/captions/metrics/corpora.hpp"

namespace saccade::envs::captions {
namespace {

using namespace tests;

std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs(const std::vector<NgramCount>& counts) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> result;
  for (const NgramCount& some : counts) result.emplace_back(some.ngram, some.count);
  return result;
}

using Pairs = std::vector<std::pair<std::uint32_t, std::uint32_t>>;

TEST_CASE("words and n-grams are numbered as they are met, and counted", "[captions]") {
  const Corpus words = corpus({{"b a b a b", {"a b c"}}, {"c", {"b a"}}});
  REQUIRE(words.images().size() == 2);
  CHECK(std::vector<std::string>(words.words().begin(), words.words().end()) ==
        std::vector<std::string>{"b", "a", "c"});
  const Sentence& candidate = words.images()[0].candidate;
  CHECK(candidate.words == std::vector<std::uint32_t>{0, 1, 0, 1, 0});
  CHECK(pairs(candidate.ngrams[0]) == Pairs{{0, 3}, {1, 2}});
  CHECK(pairs(candidate.ngrams[1]) == Pairs{{0, 2}, {1, 2}});  // ba, ab
  CHECK(pairs(candidate.ngrams[2]) == Pairs{{0, 2}, {1, 1}});  // bab, aba
  CHECK(pairs(candidate.ngrams[3]) == Pairs{{0, 1}, {1, 1}});  // baba, abab
  const Sentence& reference = words.images()[0].references[0];
  CHECK(pairs(reference.ngrams[1]) == Pairs{{1, 1}, {2, 1}});  // ab, bc
  CHECK(pairs(reference.ngrams[2]) == Pairs{{2, 1}});          // abc
  CHECK(reference.ngrams[3].empty());
  CHECK(pairs(words.images()[1].references[0].ngrams[1]) == Pairs{{0, 1}});
  CHECK(words.ngrams(1) == 3);
  CHECK(words.ngrams(2) == 3);
  CHECK(words.ngrams(3) == 3);
  CHECK(words.ngrams(4) == 2);
}

TEST_CASE("an empty caption has no n-grams", "[captions]") {
  const Corpus words = corpus({{"", {"a"}}});
  for (const auto& ngrams : words.images()[0].candidate.ngrams) CHECK(ngrams.empty());
}

TEST_CASE("captions that do not go together are refused", "[captions]") {
  const std::vector<Tokens> two{{"a"}, {"b"}};
  const std::vector<std::vector<Tokens>> one{{{"a"}}};
  const std::vector<std::vector<Tokens>> bare{{{"a"}}, {}};
  CHECK(message_of<ArgumentError>([&] { Corpus({}, {}); }) ==
        "Corpus: candidates must hold at least one caption, got none");
  CHECK(message_of<ArgumentError>([&] { Corpus(two, one); }) ==
        "Corpus: references must be given for each of 2 candidates, got 1");
  CHECK(message_of<ArgumentError>([&] { Corpus(two, bare); }) ==
        "Corpus: references must hold at least one caption for each image, got none at 1");
}

}  // namespace
}  // namespace saccade::envs::captions
