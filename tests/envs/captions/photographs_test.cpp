#include "envs/captions/photographs.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/check_environment.hpp"
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
  explicit World(const fs::path& images) : photographs{"small", splits(), annotations(), config(), images} {}

  [[nodiscard]] Annotations annotations() const {
    AnnotationWriter writer(folder / "x.annotations", names, {1, 1, 1}, {"e", "0", "l", 1, "RGB", "by hand"});
    for (std::size_t i = 0; i < names.size(); ++i) writer.write(std::vector<float>{static_cast<float>(i)});
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
