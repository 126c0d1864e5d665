#include "experiments/caption_figure.hpp"

#include "core/errors.hpp"
#include "tests/support/catch.hpp"

namespace saccade::experiments {
namespace {

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
