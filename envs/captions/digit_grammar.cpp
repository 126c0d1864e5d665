#include "envs/captions/digit_grammar.hpp"

#include <algorithm>

namespace saccade::envs::captions {
namespace {

constexpr const char* article = "a";
constexpr std::array sizes{"small", "large"};
constexpr std::array names{"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"};
constexpr std::array<std::array<const char*, 2>, 3> relations{
    {{"left", "of"}, {"directly", "above"}, {"diagonally", "above"}}};

}  // namespace

DigitRelation relation(const PlacedDigit& first, const PlacedDigit& second) {
  if (first.row() == second.row()) return DigitRelation::left_of;
  return first.column() == second.column() ? DigitRelation::directly_above : DigitRelation::diagonally_above;
}

Vocabulary DigitGrammar::vocabulary() {
  Tokens words{article};
  words.insert(words.end(), sizes.begin(), sizes.end());
  words.insert(words.end(), names.begin(), names.end());
  for (const auto& phrase : relations) {
    for (const char* word : phrase) {
      if (std::find(words.begin(), words.end(), word) == words.end()) words.emplace_back(word);
    }
  }
  return Vocabulary::of(std::vector<CaptionedImage>{{"", {words}}});
}

DigitGrammar::DigitGrammar(const Vocabulary& vocabulary) {
  const auto number = [&](const char* word) { return static_cast<std::int32_t>(vocabulary.number(word)); };
  article_ = number(article);
  std::transform(sizes.begin(), sizes.end(), sizes_.begin(), number);
  std::transform(names.begin(), names.end(), digits_.begin(), number);
  for (std::size_t i = 0; i < relations.size(); ++i) {
    std::transform(relations[i].begin(), relations[i].end(), relations_[i].begin(), number);
  }
}

void DigitGrammar::describe(const DigitScene& scene, std::vector<std::int32_t>& words) const {
  words.clear();
  const PlacedDigit* last = nullptr;
  for (const PlacedDigit& digit : scene.digits()) {
    if (last != nullptr) {
      const auto& phrase = relations_[static_cast<std::size_t>(relation(*last, digit))];
      words.insert(words.end(), phrase.begin(), phrase.end());
    }
    words.insert(words.end(), {article_, sizes_[digit.large ? 1 : 0], digits_[digit.label]});
    last = &digit;
  }
  words.push_back(static_cast<std::int32_t>(Vocabulary::end));
}

std::optional<std::uint8_t> DigitGrammar::digit(std::int32_t word) const {
  const auto* found = std::find(digits_.begin(), digits_.end(), word);
  if (found == digits_.end()) return {};
  return static_cast<std::uint8_t>(found - digits_.begin());
}

}  // namespace saccade::envs::captions
