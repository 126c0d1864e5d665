// The numbers come from tests/reference/captions.py.
#include <fstream>
#include <nlohmann/json.hpp>

#include "envs/captions/metrics/bleu.hpp"
#include "envs/captions/metrics/cider.hpp"
#include "envs/captions/metrics/meteor.hpp"
#include "envs/captions/metrics/rouge.hpp"
#include "envs/captions/metrics/stemmer.hpp"
#include "tests/envs/captions/metrics/corpora.hpp"

namespace saccade::envs::captions {
namespace {

using namespace tests;
using Json = nlohmann::json;

const Json& reference() {
  static const Json all = Json::parse(std::ifstream(SACCADE_SOURCE_DIR "/tests/reference/captions.json"));
  return all;
}

Image image(std::size_t i) { return {reference().at("candidates")[i], reference().at("references")[i]}; }

Corpus everything() {
  std::vector<Image> images;
  for (std::size_t i = 0; i < reference().at("candidates").size(); ++i) images.push_back(image(i));
  return corpus(images);
}

/// The images of a reference, with candidates of so many words at most.
Corpus some_of(const Json& from) {
  std::vector<Image> images;
  for (const std::size_t i : from.at("images")) {
    images.push_back(image(i));
    Tokens words = tokenise(images.back().candidate);
    words.resize(std::min<std::size_t>(words.size(), from.at("cut")));
    images.back().candidate = join(words);
  }
  return corpus(images);
}

template <typename Numbers>
void check(const Numbers& got, const Json& expected) {
  REQUIRE(got.size() == expected.size());
  for (std::size_t i = 0; i < got.size(); ++i) {
    CAPTURE(i);
    CHECK(got[i] == near(expected[i].template get<double>()));
  }
}

TEST_CASE("BLEU with and without its brevity penalty is NLTK's", "[captions][reference]") {
  REQUIRE(reference().at("bleu").size() == 2);
  for (const Json& expected : reference().at("bleu")) {
    const Bleu got = bleu(some_of(expected));
    check(got.plain, expected.at("plain"));
    check(got.standard, expected.at("standard"));
    CHECK((got.brevity_penalty < 1) == (expected.at("cut") == 6));
  }
}

TEST_CASE("BLEU of single captions is NLTK's", "[captions][reference]") {
  check(sentence_bleu(everything()).each, reference().at("sentence_bleu"));
}

TEST_CASE("ROUGE-L is that of Lin's formulas", "[captions][reference]") {
  check(rouge_l(everything()).each, reference().at("rouge_l"));
}

TEST_CASE("CIDEr and CIDEr-D are those of the paper's formulas", "[captions][reference]") {
  check(cider(everything()).each, reference().at("cider"));
  check(cider_d(everything()).each, reference().at("cider_d"));
}

TEST_CASE("METEOR of exact words and stems is that of all alignments tried", "[captions][reference]") {
  const auto check_with = [](const char* name, const MeteorParameters& parameters) {
    const Meteor got = meteor_exact_stem(everything(), parameters);
    check(got.images.each, reference().at(name).at("each"));
    CHECK(got.corpus == near(reference().at(name).at("corpus").get<double>()));
  };
  check_with("meteor_2005", meteor_2005);
  check_with("meteor_2014", meteor_2014);
}

TEST_CASE("stems are those of NLTK's Snowball stemmer", "[captions][reference]") {
  const Stemmer stem;
  for (const auto& [word, expected] : reference().at("stems").items()) CHECK(stem(word) == expected.get<std::string>());
}

}  // namespace
}  // namespace saccade::envs::captions
