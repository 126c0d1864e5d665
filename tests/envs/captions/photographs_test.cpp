#include "envs/captions/photographs.hpp"

#include "core/errors.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/check_environment.hpp"
#include "tests/support/messages.hpp"
#include "tests/support/temp_folder.hpp"

namespace saccade::envs::captions {
namespace {

using rl::Split;
namespace fs = std::filesystem;

/// Four images, whose annotation is their number.
const std::vector<std::string> names{"d.jpg", "val2014/c.jpg", "b.jpg", "a.jpg"};

CaptionSplits splits() {
  CaptionSplits some;
  some.train = {{"a.jpg", {{"a", "dog"}, {"too", "long", "to", "train"}}}, {"b.jpg", {{"a", "cat"}, {"a", "dog"}}}};
  some.validation = {{"val2014/c.jpg", {{"a", "dog"}}}};
  some.test = {{"d.jpg", {{"a", "cat"}}}};
  return some;
}

struct World {
  explicit World(const fs::path& images, const CaptionSplits& captions = splits(),
                 const std::vector<std::string>& rows = names, float first = 0)
      : photographs{"small", captions, annotations(rows, first), config(), images} {}

  [[nodiscard]] Annotations annotations(const std::vector<std::string>& rows, float first) const {
    AnnotationWriter writer(folder / "x.annotations", rows, {1, 1, 1}, {"e", "0", "l", 1, "RGB", "by hand"});
    for (std::size_t i = 0; i < rows.size(); ++i) writer.write(std::vector<float>{first + static_cast<float>(i)});
    writer.finish();
    return Annotations::open(folder / "x.annotations");
  }
  static PhotographConfig config() {
    PhotographConfig some;
    some.min_count = 1;
    some.max_length = 3;
    return some;
  }

  tests::TempFolder folder;
  Photographs photographs;
};

TEST_CASE("a world of photographs keeps the rules of environments", "[captions]") {
  CHECK(tests::check_environment(World("/nowhere").photographs) == tests::no_faults);
}

TEST_CASE("a world of photographs tells what it left out", "[captions]") {
  CaptionSplits captions = splits();
  captions.images_in_no_split = 7;
  captions.excess_captions = 5;
  CHECK(
      World("/nowhere", captions).photographs.notes() ==
      std::vector<std::string>{"3 captions of 2 photographs to train with, 1 photographs to choose and 1 to test with; "
                               "left out: 7 photographs of no split, 0 captions without a word, 5 beyond 5 of a "
                               "photograph, 1 of more than 3 words"});
  captions.rest = {{"a.jpg", {{"a", "dog"}}}};
  CHECK(World("/nowhere", captions).photographs.notes()[0].ends_with("than 3 words, 1 photographs of restval"));
}

TEST_CASE("a run needs images to choose and to test with", "[captions]") {
  const auto message = [](const CaptionSplits& some) {
    return tests::message_of<ConfigError>([&] { (void)with_all_splits("x.json", some); });
  };
  CaptionSplits captions = splits();
  CHECK(with_all_splits("x.json", captions).test.size() == 1);
  captions.validation.clear();
  CHECK(message(captions) == "x.json: there are no images to choose with (split val)");
  captions = splits();
  captions.test.clear();
  CHECK(message(captions) == "x.json: there are no images to test with (split test)");
}

TEST_CASE("photographs have the digests of their annotations and captions", "[captions]") {
  const auto digests = [](const auto&... of) { return World("/nowhere", of...).photographs.data_digests(); };
  const std::string same = digests();
  CHECK(digests() == same);
  const std::size_t first_line = same.find('\n') + 1;
  CHECK(same.substr(first_line - 14, 14) == "  annotations\n");
  CHECK(same.substr(first_line).size() == 64 + std::string("  captions\n").size());

  const auto only_captions_differ = [&](const CaptionSplits& other) {
    const std::string line = digests(other);
    return line.substr(0, first_line) == same.substr(0, first_line) && line != same;
  };
  CaptionSplits other = splits();
  other.test[0].captions[0][1] = "dog";
  CHECK(only_captions_differ(other));
  other = splits();
  std::swap(other.validation, other.test);
  CHECK(only_captions_differ(other));

  const auto only_annotations_differ = [&](const std::string& text) {
    return text.substr(first_line) == same.substr(first_line) && text != same;
  };
  CHECK(only_annotations_differ(digests(splits(), names, 1.0F)));
  CHECK(only_annotations_differ(digests(splits(), std::vector<std::string>{names.rbegin(), names.rend()})));
}

TEST_CASE("an episode's photograph is that of its annotations", "[captions]") {
  const World world("/images");
  REQUIRE(world.photographs.size(Split::train) == 3);
  CHECK(world.photographs.photograph(Split::train, 0) == "/images/a.jpg");
  CHECK(world.photographs.photograph(Split::train, 1) == "/images/b.jpg");
  CHECK(world.photographs.photograph(Split::train, 2) == "/images/b.jpg");
  CHECK(world.photographs.photograph(Split::validation, 0) == "/images/val2014/c.jpg");
  CHECK(world.photographs.photograph(Split::test, 0) == "/images/d.jpg");
  std::vector<Real> number(1);
  std::vector<std::int32_t> words;
  world.photographs.show({Split::train, 2}, number, words);
  CHECK(number[0] == 2);
  CHECK(words.size() == 3);
  world.photographs.show({Split::validation, 0}, number, words);
  CHECK(number[0] == 1);
  CHECK(words.empty());
}

TEST_CASE("photographs whose folder is unknown have no file", "[captions]") {
  const World world("");
  for (const Split split : {Split::train, Split::validation, Split::test}) {
    CHECK(world.photographs.photograph(split, 0).empty());
  }
}

}  // namespace
}  // namespace saccade::envs::captions
