#include "envs/captions/digit_grammar.hpp"

#include "tests/support/allocations.hpp"
#include "tests/support/catch.hpp"

namespace saccade::envs::captions {
namespace {

PlacedDigit digit(std::size_t row, std::size_t column, std::uint8_t label, bool large) {
  PlacedDigit placed;
  placed.cell = row * digit_grid + column;
  placed.label = label;
  placed.large = large;
  return placed;
}

DigitScene scene(const std::vector<PlacedDigit>& digits) {
  DigitScene result;
  for (const PlacedDigit& one : digits) result.add(one);
  return result;
}

std::string caption(const DigitScene& scene) {
  const Vocabulary vocabulary = DigitGrammar::vocabulary();
  std::vector<std::int32_t> words{7, 7};
  DigitGrammar(vocabulary).describe(scene, words);
  CHECK(words.back() == static_cast<std::int32_t>(Vocabulary::end));
  CHECK(words.size() == DigitGrammar::length(scene.digits().size()) + 1);
  return join(vocabulary.decode(std::vector<std::uint32_t>(words.begin(), words.end())));
}

TEST_CASE("the vocabulary of digit scenes is always the same", "[digit_scenes]") {
  const Vocabulary vocabulary = DigitGrammar::vocabulary();
  Tokens words;
  for (std::uint32_t i = 0; i < vocabulary.size(); ++i) words.push_back(vocabulary.word(i));
  CHECK(join(words) ==
        "<start> <end> <unknown> a above diagonally directly eight five four large left nine of one seven six small "
        "three two zero");
}

TEST_CASE("captions name digits and how each lies to the next", "[digit_scenes]") {
  CHECK(caption(scene({digit(1, 1, 0, false)})) == "a small zero");
  CHECK(caption(scene({digit(0, 2, 7, true), digit(1, 2, 3, false)})) == "a large seven directly above a small three");
  CHECK(caption(scene({digit(0, 0, 2, false), digit(0, 2, 9, true), digit(2, 1, 4, true)})) ==
        "a small two left of a large nine diagonally above a large four");
  CHECK(caption(scene({digit(0, 1, 1, true), digit(1, 0, 5, true), digit(1, 1, 6, true), digit(1, 2, 8, false)})) ==
        "a large one diagonally above a large five left of a large six left of a small eight");
}

TEST_CASE("a relation follows from two cells", "[digit_scenes]") {
  for (std::size_t first = 0; first < digit_cells; ++first) {
    for (std::size_t second = first + 1; second < digit_cells; ++second) {
      const PlacedDigit a = digit(0, first, 0, true);
      const PlacedDigit b = digit(0, second, 0, true);
      const DigitRelation expected = first / 3 == second / 3   ? DigitRelation::left_of
                                     : first % 3 == second % 3 ? DigitRelation::directly_above
                                                               : DigitRelation::diagonally_above;
      CHECK(relation(a, b) == expected);
    }
  }
}

TEST_CASE("the grammar knows its digit words", "[digit_scenes]") {
  const Vocabulary vocabulary = DigitGrammar::vocabulary();
  const DigitGrammar grammar(vocabulary);
  const auto named = [&](const char* word) {
    return grammar.digit(static_cast<std::int32_t>(vocabulary.number(word)));
  };
  CHECK(named("zero") == 0);
  CHECK(named("nine") == 9);
  CHECK(!named("large"));
  CHECK(!named("of"));
  CHECK(!named("nobody"));
  CHECK(!grammar.digit(static_cast<std::int32_t>(Vocabulary::end)));
}

TEST_CASE("describing a scene makes no heap allocation where there is room", "[digit_scenes]") {
  const Vocabulary vocabulary = DigitGrammar::vocabulary();
  const DigitGrammar grammar(vocabulary);
  const DigitScene three = scene({digit(0, 0, 2, false), digit(0, 2, 9, true), digit(2, 1, 4, true)});
  std::vector<std::int32_t> words;
  grammar.describe(three, words);
  const std::size_t before = tests::allocations();
  grammar.describe(three, words);
  CHECK(tests::allocations() == before);
}

}  // namespace
}  // namespace saccade::envs::captions
