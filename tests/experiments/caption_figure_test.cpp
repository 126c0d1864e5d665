#include "experiments/caption_figure.hpp"

#include "core/errors.hpp"
#include "tests/experiments/decoded.hpp"
#include "tests/support/catch.hpp"

namespace saccade::experiments {
namespace {

using tests::Decoded;

CaptionPicture picture() {
  CaptionPicture some;
  some.height = 4;
  some.width = 6;
  some.image.assign(24, 0.5F);
  some.rows = 2;
  some.columns = 3;
  some.words = {{"a", {1, 0, 0, 0, 0, 0}, 0}, {"dog", std::vector<float>(6, 1.0F / 6), -1}};
  return some;
}

TEST_CASE("a caption becomes a picture", "[figure]") {
  const std::string one = draw_captions({picture()}, "title");
  CHECK(one.substr(1, 3) == "PNG");
  CHECK(draw_captions({picture()}, "title") == one);
  CaptionPicture moved = picture();
  moved.words[0].place = 5;
  CHECK(draw_captions({moved}, "title") != one);
  CaptionPicture long_one = picture();
  long_one.words.resize(20, long_one.words[1]);
  CHECK(draw_captions({long_one, picture()}, "title").size() > one.size());
}

/// A photograph of two green pixels, at which each word has looked on one side.
CaptionPicture green_photograph() {
  CaptionPicture some;
  some.height = 1;
  some.width = 2;
  some.channels = 3;
  some.image = {0, 1, 0, 0, 1, 0};
  some.rows = 1;
  some.columns = 2;
  some.words = {{"left", {1, 0}, -1}, {"right", {0, 1}, 1}};
  some.is_photograph = true;
  return some;
}

TEST_CASE("a photograph keeps its colours where a word looks and is dark elsewhere", "[figure]") {
  constexpr int left = 30, right = 130, panel = 168, top = 84;  // of panels of 160 x 80, from (16, 44) on
  const Colour bright{0, 1, 0}, dark{0, 0.25, 0}, frame{0.95, 0.45, 0.05};
  const Decoded drawn{draw_captions({green_photograph()}, "title", 1)};
  CHECK(drawn.width() == 16 + 3 * panel - 8 + 16);
  for (const int x : {left, right}) CHECK(drawn.has_colour(16 + x, top, bright));
  CHECK(drawn.has_colour(16 + panel + left, top, bright));
  CHECK(drawn.has_colour(16 + panel + right, top, dark));
  CHECK(drawn.has_colour(16 + 2 * panel + left, top, dark));
  CHECK(drawn.has_colour(16 + 2 * panel + right, top, bright));
  CHECK(drawn.has_colour(16 + 2 * panel + 81, top, frame));
  CHECK_FALSE(drawn.has_colour(16 + panel + 81, top, frame));
}

TEST_CASE("the shade of a photograph passes from one place into the next", "[figure]") {
  const Decoded drawn{draw_captions({green_photograph()}, "title", 1)};
  CHECK(drawn.has_colour(16 + 168 + 60, 84, {0, 1 - 0.75 * 0.253, 0}));  // a quarter of the way between the centres
  CHECK(drawn.has_colour(16 + 168 + 100, 84, {0, 1 - 0.75 * 0.753, 0}));
}

TEST_CASE("a photograph has its name below it as far as there is room", "[figure]") {
  const auto named = [](const std::string& name) {
    CaptionPicture some = green_photograph();
    some.name = name;
    return draw_captions({some}, "title", 1);
  };
  CHECK(named("a") != named(""));
  CHECK(named("a") != named("b"));
  const std::string wide(100, 'w');
  CHECK(named(wide) != named(wide.substr(0, 10)));
  CHECK(named(wide) == named(wide + "x"));
  std::string umlauts;
  for (int i = 0; i < 100; ++i) umlauts += "ü";
  CHECK(named(umlauts) == named(umlauts + "ü"));
}

TEST_CASE("only a caption that can be right has a tick or a cross", "[figure]") {
  CaptionPicture some = picture();
  const std::string neither = draw_captions({some}, "title");
  some.right = true;
  const std::string right = draw_captions({some}, "title");
  some.right = false;
  const std::string wrong = draw_captions({some}, "title");
  CHECK(neither != right);
  CHECK(neither != wrong);
  CHECK(right != wrong);
  some.name = "not told";
  CHECK(draw_captions({some}, "title") == wrong);
}

TEST_CASE("what a person said of an image stands below its panels", "[figure]") {
  CaptionPicture some = picture();
  const Decoded without{draw_captions({some, picture()}, "title", 1)};
  some.reference = "a dog";
  const Decoded with{draw_captions({some, picture()}, "title", 1)};
  CHECK(with.height() == without.height() + 23);
  CHECK(with.width() == without.width());
  for (int i = 0; i < 40; ++i) some.reference += " and a dog";
  const Decoded in_lines{draw_captions({some, picture()}, "title", 1)};
  CHECK(in_lines.height() >= with.height() + 3 * 15);
  CHECK(in_lines.width() == without.width());
}

TEST_CASE("a caption without a word says so", "[figure]") {
  CaptionPicture some = picture();
  some.words.clear();
  const Decoded drawn{draw_captions({some}, "title", 1)};
  bool blank = true;
  for (int x = 140; x < 300; ++x) {
    for (int y = 60; y < 100; ++y) blank = blank && drawn.pixel(x, y) == drawn.pixel(0, 0);
  }
  CHECK_FALSE(blank);
}

TEST_CASE("a caption that does not fit its image is refused", "[figure]") {
  CHECK_THROWS_AS(draw_captions({}, ""), ArgumentError);
  CaptionPicture small = picture();
  small.image.pop_back();
  CHECK_THROWS_AS(draw_captions({small}, ""), ArgumentError);
  CaptionPicture outside = picture();
  outside.words[0].place = 6;
  CHECK_THROWS_AS(draw_captions({outside}, ""), ArgumentError);
  CaptionPicture few = picture();
  few.words[1].weights.pop_back();
  CHECK_THROWS_AS(draw_captions({few}, ""), ArgumentError);
}

}  // namespace
}  // namespace saccade::experiments
