#include "envs/captions/metrics/alignment.hpp"

#include <algorithm>
#include <numeric>
#include <string_view>
#include <vector>

#include "core/random/stream.hpp"
#include "tests/support/catch.hpp"

namespace saccade::envs::captions {
namespace {

using Words = std::vector<std::uint32_t>;

/// Words are letters; a capital has the stem of its small letter.
Words words(const std::string& text) { return {text.begin(), text.end()}; }

const Words& stems() {
  static const Words all = [] {
    Words some(128);
    std::iota(some.begin(), some.end(), 0U);
    for (std::uint32_t c = 'A'; c <= 'Z'; ++c) some[c] = c - 'A' + 'a';
    return some;
  }();
  return all;
}

std::vector<std::size_t> aligned(const std::string& candidate, const std::string& reference) {
  const Alignment found = align(words(candidate), words(reference), stems());
  return {found.exact, found.stem, found.chunks};
}

using Counts = std::vector<std::size_t>;

TEST_CASE("words are paired first by themselves, then by their stems", "[captions]") {
  CHECK(aligned("abc", "abc") == Counts{3, 0, 1});
  CHECK(aligned("aBc", "abc") == Counts{2, 1, 1});
  CHECK(aligned("abc", "xyz") == Counts{0, 0, 0});
  CHECK(aligned("", "abc") == Counts{0, 0, 0});
  CHECK(aligned("abc", "") == Counts{0, 0, 0});
  CHECK(aligned("aA", "A") == Counts{1, 0, 1});
  CHECK(aligned("aaA", "AAb") == Counts{1, 1, 1});
  CHECK(aligned("aaA", "AbA") == Counts{1, 1, 2});
}

TEST_CASE("chunks are runs on both sides", "[captions]") {
  CHECK(aligned("abcd", "cdab") == Counts{4, 0, 2});
  CHECK(aligned("abcd", "dcba") == Counts{4, 0, 4});
  CHECK(aligned("axb", "ab") == Counts{2, 0, 2});
  CHECK(aligned("ab", "axb") == Counts{2, 0, 2});
}

TEST_CASE("repeated words are paired so that chunks are few", "[captions]") {
  CHECK(aligned("ab", "axab") == Counts{2, 0, 1});
  CHECK(aligned("xyab", "abxyab") == Counts{4, 0, 1});
  CHECK(aligned("abxa", "xaab") == Counts{4, 0, 2});
  // The first a is left out: the second one goes on with b.
  CHECK(aligned("acab", "abd") == Counts{2, 0, 1});
}

TEST_CASE("more pairs are better than fewer chunks, and exact ones too", "[captions]") {
  CHECK(aligned("abc", "abxc") == Counts{3, 0, 2});
  // A is next to b, but a is the same word.
  CHECK(aligned("ab", "Abxa") == Counts{2, 0, 2});
}

/// Every pairing tried: pairs, exact ones, and minus the chunks, as large as they get.
class Search {
 public:
  Search(Words candidate, Words reference) : candidate_{std::move(candidate)}, reference_{std::move(reference)} {}

  Alignment run() {
    places_.assign(candidate_.size(), -1);
    used_.assign(reference_.size(), false);
    best_ = {};
    visit(0);
    return best_;
  }

 private:
  void visit(std::size_t i) {  // NOLINT(misc-no-recursion): as deep as a caption has words
    if (i == candidate_.size()) return compare();
    visit(i + 1);
    for (std::size_t j = 0; j < reference_.size(); ++j) {
      if (used_[j] || stems()[candidate_[i]] != stems()[reference_[j]]) continue;
      used_[j] = true;
      places_[i] = static_cast<int>(j);
      visit(i + 1);
      used_[j] = false;
      places_[i] = -1;
    }
  }

  void compare() {
    Alignment own;
    for (std::size_t i = 0; i < places_.size(); ++i) {
      if (places_[i] < 0) continue;
      ++(candidate_[i] == reference_[static_cast<std::size_t>(places_[i])] ? own.exact : own.stem);
      if (i == 0 || places_[i] == 0 || places_[i - 1] != places_[i] - 1) ++own.chunks;
    }
    const auto key = [](const Alignment& a) { return std::tuple(a.pairs(), a.exact, -static_cast<int>(a.chunks)); };
    if (key(own) > key(best_)) best_ = own;
  }

  Words candidate_;
  Words reference_;
  std::vector<int> places_;
  std::vector<bool> used_;
  Alignment best_;
};

Words random_words(random::Stream& stream) {
  Words some(stream.below(7));
  for (std::uint32_t& word : some) word = std::u32string_view(U"abcABd")[stream.below(6)];
  return some;
}

TEST_CASE("alignments are the best of all", "[captions]") {
  random::Stream stream(1, random::Purpose("alignments"), 0, 0);
  for (int i = 0; i < 2000; ++i) {
    const Words candidate = random_words(stream);
    const Words reference = random_words(stream);
    const Alignment found = align(candidate, reference, stems());
    const Alignment expected = Search(candidate, reference).run();
    CAPTURE(std::string(candidate.begin(), candidate.end()), std::string(reference.begin(), reference.end()));
    REQUIRE(found.exact == expected.exact);
    REQUIRE(found.stem == expected.stem);
    REQUIRE(found.chunks == expected.chunks);
  }
}

TEST_CASE("a word repeated without end is aligned all the same", "[captions]") {
  CHECK(aligned(std::string(100, 'a'), std::string(100, 'a')) == Counts{100, 0, 1});
  CHECK(aligned(std::string(100, 'a'), std::string(40, 'a')) == Counts{40, 0, 1});
  CHECK(aligned(std::string(30, 'a'), std::string(60, 'A')) == Counts{0, 30, 1});
}

}  // namespace
}  // namespace saccade::envs::captions
