#include "envs/captions/vocabulary.hpp"

#include "core/errors.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/messages.hpp"
#include "tests/support/temp_folder.hpp"

namespace saccade::envs::captions {
namespace {

using namespace tests;
using Numbers = std::vector<std::uint32_t>;

/// a 4 times, dog 3 times, cat and bee twice, one and owl once.
const std::vector<CaptionedImage>& images() {
  static const std::vector<CaptionedImage> all{
      {"1.jpg", {{"a", "dog", "a", "cat"}, {"owl", "dog", "bee"}}},
      {"2.jpg", {{"a", "cat", "a", "dog"}, {"one", "bee"}}},
  };
  return all;
}

std::vector<std::string> words(const Vocabulary& vocabulary) {
  std::vector<std::string> all;
  for (std::uint32_t i = 0; i < vocabulary.size(); ++i) all.push_back(vocabulary.word(i));
  return all;
}

TEST_CASE("words stand by falling count, then by the alphabet", "[captions]") {
  const Vocabulary vocabulary = Vocabulary::of(images());
  CHECK(words(vocabulary) ==
        std::vector<std::string>{"<start>", "<end>", "<unknown>", "a", "dog", "bee", "cat", "one", "owl"});
  CHECK(vocabulary.count(3) == 4);
  CHECK(vocabulary.count(5) == 2);
  CHECK(vocabulary.count(Vocabulary::end) == 0);
}

TEST_CASE("rare words and words beyond the size are unknown", "[captions]") {
  const Vocabulary twice = Vocabulary::of(images(), {2, 100});
  CHECK(words(twice) == std::vector<std::string>{"<start>", "<end>", "<unknown>", "a", "dog", "bee", "cat"});
  const Vocabulary three = Vocabulary::of(images(), {1, 3});
  CHECK(words(three) == std::vector<std::string>{"<start>", "<end>", "<unknown>", "a", "dog", "bee"});
  CHECK(three.number("cat") == Vocabulary::unknown);
  CHECK(three.number("bee") == 5);
}

TEST_CASE("captions become numbers and words again", "[captions]") {
  const Vocabulary vocabulary = Vocabulary::of(images());
  CHECK(vocabulary.encode({"a", "zebra", "dog"}) == Numbers{3, Vocabulary::unknown, 4, Vocabulary::end});
  CHECK(vocabulary.encode({}) == Numbers{Vocabulary::end});
  CHECK(vocabulary.decode(Numbers{Vocabulary::start, 3, 2, 4, Vocabulary::end, 5}) == Tokens{"a", "<unknown>", "dog"});
  CHECK(vocabulary.decode(Numbers{3, 4}) == Tokens{"a", "dog"});
  CHECK(vocabulary.decode({}).empty());
}

TEST_CASE("words that look like special ones are words", "[captions]") {
  const std::vector<CaptionedImage> odd{{"1.jpg", {{"<end>"}}}};
  CHECK(Vocabulary::of(odd).number("<end>") == Vocabulary::first_word);
  CHECK(Vocabulary::of(images()).number("<end>") == Vocabulary::unknown);
}

TEST_CASE("a vocabulary is saved as a text and read again", "[captions]") {
  const TempFolder folder;
  const Vocabulary vocabulary = Vocabulary::of(images(), {2, 100});
  vocabulary.save(folder / "vocabulary.txt");
  CHECK(folder.read("vocabulary.txt") == "saccade vocabulary 1\n4\ta\n3\tdog\n2\tbee\n2\tcat\n");
  const Vocabulary again = Vocabulary::load(folder / "vocabulary.txt");
  CHECK(words(again) == words(vocabulary));
  CHECK(again.number("cat") == 6);
  CHECK(again.count(6) == 2);
}

TEST_CASE("a file that is no vocabulary is refused with the line", "[captions]") {
  const TempFolder folder;
  const auto error = [&](const std::string& contents) {
    const std::filesystem::path file = folder.write("v", contents);
    return message_of<IoError>([&] { (void)Vocabulary::load(file); }).substr(folder.path().string().size());
  };
  const std::string title = "saccade vocabulary 1\n";
  CHECK(error("") == "/v: this vocabulary is empty");
  CHECK(error(title) == "/v: this vocabulary has no words");
  CHECK(error("4\ta\n") == "/v:1: expected \"saccade vocabulary 1\", got \"4\ta\"");
  for (const char* line : {"a", "4", "4\t", "0\ta", "x\ta", "-4\ta", "4 a", "4\ta b", ""}) {
    CHECK(error(title + "5\tb\n" + line + "\n3\tc\n") ==
          "/v:3: expected a count, a tab and a word, got \"" + std::string(line) + "\"");
  }
  CHECK(error(title + "4\ta\n5\tb\n") == "/v:3: expected words by falling count and the alphabet, got \"5\tb\"");
  CHECK(error(title + "4\tb\n4\ta\n") == "/v:3: expected words by falling count and the alphabet, got \"4\ta\"");
  CHECK(error(title + "4\ta\n4\ta\n") == "/v:3: expected words by falling count and the alphabet, got \"4\ta\"");
  CHECK(error(title + "4\ta\n3\ta\n") == "/v:3: expected every word once, got \"3\ta\"");
}

TEST_CASE("captions that make no vocabulary are refused", "[captions]") {
  const auto error = [](const std::vector<CaptionedImage>& some, std::size_t count) {
    return message_of<Error>([&] { (void)Vocabulary::of(some, {count, 10}); });
  };
  CHECK(error({}, 1) == "environment.min_count: no word of the training captions occurs 1 times or more");
  CHECK(error(images(), 5) == "environment.min_count: no word of the training captions occurs 5 times or more");
  CHECK(error({{"1.jpg", {{"a b"}}}}, 1) == "Vocabulary: train must hold words without white space, got \"a b\"");
  const Vocabulary vocabulary = Vocabulary::of(images());
  CHECK(message_of<ArgumentError>([&] { (void)vocabulary.word(9); }) == "Vocabulary: number must be below 9, got 9");
  CHECK(message_of<ArgumentError>([&] { (void)vocabulary.count(9); }) == "Vocabulary: number must be below 9, got 9");
}

}  // namespace
}  // namespace saccade::envs::captions
