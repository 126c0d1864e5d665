#include <algorithm>
#include <set>

#include "envs/captions/flickr8k.hpp"
#include "envs/captions/metrics/bleu.hpp"
#include "envs/captions/metrics/cider.hpp"
#include "envs/captions/metrics/meteor.hpp"
#include "envs/captions/metrics/rouge.hpp"
#include "envs/captions/vocabulary.hpp"
#include "envs/data_sets.hpp"
#include "experiments/data/verify.hpp"
#include "experiments/experiment.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/skip.hpp"

// Needs Flickr8k in flickr8k/ below one of the data folders.
namespace saccade::tests {
namespace {

namespace fs = std::filesystem;
using namespace envs::captions;

fs::path flickr8k_folder() {
  for (const fs::path& data : experiments::data_folders("")) {
    if (has_flickr8k(data / "flickr8k")) return data / "flickr8k";
  }
  return {};
}

bool without_flickr8k() {
  return skipped(flickr8k_folder().empty() ? "no flickr8k/ in $SACCADE_DATA, ./data or ~/.local/share/saccade" : "");
}

const CaptionSplits& flickr8k() {
  static const CaptionSplits splits = load_flickr8k(flickr8k_folder());
  return splits;
}

std::size_t count_captions(const std::vector<CaptionedImage>& images) {
  std::size_t count = 0;
  for (const CaptionedImage& image : images) count += image.captions.size();
  return count;
}

TEST_CASE("Flickr8k has 6,000, 1,000 and 1,000 images with five captions each") {
  if (without_flickr8k()) return;
  CHECK(flickr8k().train.size() == 6000);
  CHECK(flickr8k().validation.size() == 1000);
  CHECK(flickr8k().test.size() == 1000);
  CHECK(count_captions(flickr8k().train) == 30'000);
  CHECK(count_captions(flickr8k().validation) == 5000);
  CHECK(count_captions(flickr8k().test) == 5000);
  CHECK(flickr8k().images_in_no_split == 92);
  CHECK(flickr8k().empty_captions == 0);
  CHECK(flickr8k().excess_captions == 0);
}

TEST_CASE("the texts of Flickr8k are those that are known") {
  if (without_flickr8k()) return;
  for (const auto& file : experiments::verify(flickr8k_folder(), *envs::find_data_set("flickr8k"))) {
    CHECK(file.state == experiments::FileState::right);
  }
}

TEST_CASE("every image of Flickr8k's splits has its photograph") {
  if (without_flickr8k()) return;
  const fs::path folder = flickr8k_images(flickr8k_folder());
  std::size_t missing = 0;
  for (const auto* split : {&flickr8k().train, &flickr8k().validation, &flickr8k().test}) {
    missing += static_cast<std::size_t>(std::count_if(
        split->begin(), split->end(), [&](const CaptionedImage& image) { return !fs::exists(folder / image.file); }));
  }
  CHECK(missing == 0);
  CHECK(std::distance(fs::directory_iterator(folder), {}) == 8091);
}

TEST_CASE("the vocabulary of Flickr8k comes from training captions alone") {
  if (without_flickr8k()) return;
  std::set<std::string> words;
  for (const CaptionedImage& image : flickr8k().train) {
    for (const Tokens& caption : image.captions) words.insert(caption.begin(), caption.end());
  }
  const Vocabulary vocabulary = Vocabulary::of(flickr8k().train);
  CHECK(vocabulary.size() == words.size() + Vocabulary::first_word);
  CHECK(vocabulary.word(Vocabulary::first_word) == "a");
  CHECK(Vocabulary::of(flickr8k().train, {5, 10000}).size() < vocabulary.size());
}

/// The first caption of each test image, judged by the other four.
Corpus people() {
  std::vector<Tokens> candidates;
  std::vector<std::vector<Tokens>> references;
  for (const CaptionedImage& image : flickr8k().test) {
    candidates.push_back(image.captions[0]);
    references.emplace_back(image.captions.begin() + 1, image.captions.end());
  }
  return {candidates, references};
}

TEST_CASE("people's captions of Flickr8k agree, but not too well") {
  if (without_flickr8k()) return;
  const Corpus corpus = people();
  const Bleu scores = bleu(corpus);
  CHECK(scores.plain[0] > 0.5);
  CHECK(scores.plain[0] < 0.8);
  CHECK(scores.plain[3] < scores.plain[0]);
  const double rouge = rouge_l(corpus).mean;
  CHECK((rouge > 0.3 && rouge < 0.6));
  const double consensus = cider(corpus).mean;
  CHECK((consensus > 0.3 && consensus < 2));
  CHECK(meteor_exact_stem(corpus, meteor_2014).corpus < meteor_exact_stem(corpus, meteor_2005).corpus);
}

}  // namespace
}  // namespace saccade::tests
