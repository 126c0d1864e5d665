#include "experiments/figure.hpp"

#include <cairo.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "core/errors.hpp"
#include "tests/experiments/decoded.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/messages.hpp"

#if defined(__SANITIZE_ADDRESS__)
/// Fontconfig keeps its patterns to the end of the process where LeakSanitizer cannot see them.
extern "C" const char* __lsan_default_suppressions();  // NOLINT(bugprone-reserved-identifier): LeakSanitizer's name
extern "C" const char* __lsan_default_suppressions() { return "leak:libfontconfig"; }  // NOLINT: as above
#endif

namespace saccade::experiments {
namespace {

/// Makes Cairo free its cache of fonts at the end, so that LeakSanitizer sees only what was lost.
const struct FontCache {
  FontCache() = default;
  FontCache(const FontCache&) = delete;
  FontCache& operator=(const FontCache&) = delete;
  ~FontCache() { cairo_debug_reset_static_data(); }
} font_cache;

using tests::Decoded;
using tests::has;
using tests::message_of;

constexpr std::size_t height = 20;
constexpr std::size_t width = 40;
constexpr std::size_t glimpse = 6;
constexpr Colour green{0, 1, 0};

/// Where the enlarged image stands in the picture: around all pixels that are green, which nothing else is.
struct Panel {
  int left = std::numeric_limits<int>::max();
  int top = std::numeric_limits<int>::max();
  int right = 0;
  int bottom = 0;
};

Panel find_panel(const Decoded& picture) {
  Panel panel;
  for (int y = 0; y < picture.height(); ++y) {
    for (int x = 0; x < picture.width(); ++x) {
      if (!picture.has_colour(x, y, green)) continue;
      panel.left = std::min(panel.left, x);
      panel.right = std::max(panel.right, x + 1);
      panel.top = std::min(panel.top, y);
      panel.bottom = std::max(panel.bottom, y + 1);
    }
  }
  return panel;
}

/// A green image with black glimpses.
GlimpsePath green_path(std::vector<GlimpseStep> steps, std::size_t scales = 1) {
  GlimpsePath path;
  path.height = height;
  path.width = width;
  path.channels = 3;
  for (std::size_t i = 0; i < height * width; ++i) path.image.insert(path.image.end(), {0, 1, 0});
  path.glimpse_size = glimpse;
  path.scales = scales;
  path.steps = std::move(steps);
  for (GlimpseStep& step : path.steps) step.patches.assign(scales * glimpse * glimpse * 3, 0);
  path.label = 3;
  path.predicted = 5;
  path.confidence = 0.5;
  return path;
}

GlimpsePath green_path(double x, double y) { return green_path({{x, y, {}}}); }

std::string draw(const GlimpsePath& path, const FigureOptions& options = {}) {
  return draw_glimpse_paths({&path, 1}, options);
}

}  // namespace

TEST_CASE("figure: an image is enlarged by a whole number of dots a pixel", "[figure]") {
  const Panel panel = find_panel(Decoded{draw(green_path(0, 0))});
  const int zoom = (panel.right - panel.left) / static_cast<int>(width);
  CHECK(zoom >= 4);
  CHECK(panel.right - panel.left == zoom * static_cast<int>(width));
  CHECK(panel.bottom - panel.top == zoom * static_cast<int>(height));
}

TEST_CASE("figure: the box stands around the pixels of the patch", "[figure]") {
  // Location (0.5, -0.25): the centre is at 30 of 40 across and 7.5 of 20 down, the patch at 27 to 33 and 5 to 11.
  const Decoded picture{draw(green_path(0.5, -0.25))};
  const Panel panel = find_panel(picture);
  const int zoom = (panel.right - panel.left) / static_cast<int>(width);
  const int left = panel.left + 27 * zoom;
  const int right = panel.left + 33 * zoom - 1;
  const int top = panel.top + 5 * zoom;
  const int bottom = panel.top + 11 * zoom - 1;
  const int middle_x = (left + right) / 2;
  const int middle_y = (top + bottom) / 2;
  const Colour colour = glimpse_colour(0, 1);
  CHECK(picture.has_colour(middle_x, top, colour));
  CHECK(picture.has_colour(middle_x, bottom, colour));
  CHECK(picture.has_colour(left, middle_y, colour));
  CHECK(picture.has_colour(right, middle_y, colour));
  CHECK(!picture.has_colour(middle_x, top - 1, colour));
  CHECK(!picture.has_colour(right + 1, middle_y, colour));
  CHECK(picture.has_colour(panel.left + 30 * zoom, panel.top + static_cast<int>(7.5 * zoom), colour));
  CHECK(picture.has_colour(panel.left + 28 * zoom, panel.top + 10 * zoom, green));
}

TEST_CASE("figure: the boxes of all scales share the centre of what the retina reads", "[figure]") {
  // The finest patch of 5 pixels around (20, 10) covers 18 to 23 and 8 to 13; its centre is (20.5, 10.5), around which
  // the next one covers 15.5 to 25.5 and 5.5 to 15.5.
  GlimpsePath path = green_path({{0, 0, {}}}, 2);
  path.glimpse_size = 5;
  path.steps[0].patches.assign(2 * 25 * 3, 0);
  const Decoded picture{draw(path)};
  const Panel panel = find_panel(picture);
  const int zoom = (panel.right - panel.left) / static_cast<int>(width);
  const auto marked = [&](double x, double y) {
    int count = 0;
    for (int dy = -1; dy <= 1; ++dy) {
      for (int dx = -1; dx <= 1; ++dx) {
        count += picture.has_colour(panel.left + static_cast<int>(x * zoom) + dx,
                                    panel.top + static_cast<int>(y * zoom) + dy, green)
                     ? 0
                     : 1;
      }
    }
    return count > 0;
  };
  const auto any_on_column = [&](double x) {
    bool any = false;
    for (int i = 0; i < 32; ++i) any = any || marked(x, 6.5 + 0.25 * i);
    return any;
  };
  CHECK(any_on_column(15.5));
  CHECK(any_on_column(25.5));
  CHECK_FALSE(any_on_column(14.9));
  CHECK_FALSE(any_on_column(26.1));
}

TEST_CASE("figure: each glimpse has its own colour", "[figure]") {
  const Decoded picture{draw(green_path({{-0.5, 0, {}}, {0.5, 0, {}}}))};
  const Panel panel = find_panel(picture);
  const int zoom = (panel.right - panel.left) / static_cast<int>(width);
  const int bottom = panel.top + 13 * zoom - 1;
  CHECK(picture.has_colour(panel.left + 9 * zoom, bottom, glimpse_colour(0, 2)));
  CHECK(picture.has_colour(panel.left + 29 * zoom, bottom, glimpse_colour(1, 2)));
}

TEST_CASE("figure: of a long path only some glimpses hide the image", "[figure]") {
  // Glimpse i of 12 has its box to itself: the first, the last and every fifth are drawn.
  std::vector<GlimpseStep> steps;
  for (int i = 0; i < 12; ++i) steps.push_back({-0.8 + 0.3 * (i % 6), i < 6 ? -0.5 : 0.5, {}});
  GlimpsePath path = green_path(steps);
  path.glimpse_size = 4;
  for (GlimpseStep& step : path.steps) step.patches.assign(4 * 4 * 3, 0);
  const Decoded picture{draw(path)};
  const Panel panel = find_panel(picture);
  const int zoom = (panel.right - panel.left) / static_cast<int>(width);
  std::vector<int> boxed;
  for (int i = 0; i < 12; ++i) {
    const int bottom = panel.top + (i < 6 ? 7 : 17) * zoom - 1;
    const int x = panel.left + (4 + 6 * (i % 6)) * zoom - 3 * zoom / 2;  // clear of the path
    if (picture.has_colour(x, bottom, glimpse_colour(static_cast<std::size_t>(i), 12))) boxed.push_back(i + 1);
  }
  CHECK(boxed == std::vector<int>{1, 5, 10, 12});
}

TEST_CASE("figure: colours of glimpses grow lighter", "[figure]") {
  const auto lightness = [](const Colour& c) { return 0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2]; };
  for (std::size_t i = 1; i < 12; ++i) CHECK(lightness(glimpse_colour(i, 12)) > lightness(glimpse_colour(i - 1, 12)));
}

TEST_CASE("figure: options set the size of the picture", "[figure]") {
  const Decoded one{draw(green_path(0, 0), {"", 0, 1})};
  const Decoded titled{draw(green_path(0, 0), {"Where it looks", 0, 1})};
  CHECK(titled.width() == one.width());
  CHECK(titled.height() > one.height());
  CHECK(Decoded{draw(green_path(0, 0))}.width() > one.width());

  const std::vector<GlimpsePath> three(3, green_path(0, 0));
  const Decoded column{draw_glimpse_paths(three, {"", 1, 1})};
  const Decoded row{draw_glimpse_paths(three, {"", 3, 1})};
  CHECK(column.width() == one.width());
  CHECK(column.height() > 2 * one.height());
  CHECK(row.height() == one.height());
  CHECK(row.width() > 2 * one.width());
}

TEST_CASE("figure: a game shows whether it was rewarded instead of a class", "[figure]") {
  const auto drawn = [](std::optional<bool> rewarded) {
    GlimpsePath path = green_path(0, 0);
    path.label = path.predicted = -1;
    path.rewarded = rewarded;
    return draw(path);
  };
  CHECK(drawn(true) != drawn(false));
  CHECK(drawn(true) != drawn({}));
  CHECK(drawn(false) != drawn({}));
}

TEST_CASE("figure: examples of different sizes, borders, scales and values are drawn", "[figure]") {
  GlimpsePath grey;
  grey.height = 5;
  grey.width = 3;
  grey.image.assign(15, std::numeric_limits<float>::quiet_NaN());
  grey.glimpse_size = 1;
  grey.steps = {{7, -1e300, {2}}};
  const std::vector<GlimpsePath> paths{green_path({{-1, -1, {}}, {1, 1, {}}}, 3), grey};
  CHECK(Decoded{draw_glimpse_paths(paths)}.width() > 0);
}

TEST_CASE("figure: the same arguments give the same bytes", "[figure]") {
  CHECK(draw(green_path(0.1, 0.2)) == draw(green_path(0.1, 0.2)));
}

TEST_CASE("figure: what does not fit is an error", "[figure]") {
  const auto message = [](auto change) {
    GlimpsePath path = green_path(0, 0);
    change(path);
    return message_of<ArgumentError>([&] { return draw(path); });
  };
  CHECK(has(message([](GlimpsePath& p) { p.image.pop_back(); }), "example 0: image must have 2400 values, got 2399"));
  CHECK(has(message([](GlimpsePath& p) { p.steps[0].patches.clear(); }), "patches must have 108 values, got 0"));
  CHECK(has(message([](GlimpsePath& p) { p.scales = 0; }), "scales must be from 1 to 16, got 0"));
  CHECK(has(message([](GlimpsePath& p) { p.width = 0; }), "width must be"));
  CHECK(has(message([](GlimpsePath& p) { p.glimpse_size = 0; }), "glimpse_size must be"));
  CHECK(has(message([](GlimpsePath& p) { p.channels = 2; }), "channels must be 1 or 3, got 2"));
  CHECK(has(message([](GlimpsePath& p) { p.steps.clear(); }), "the number of glimpses must be"));
  CHECK(has(message([](GlimpsePath& p) { p.steps[0].x = std::nan(""); }), "a location must be finite"));
}

TEST_CASE("figure: options out of range are errors", "[figure]") {
  CHECK_THROWS_AS(draw_glimpse_paths({}), ArgumentError);
  CHECK_THROWS_AS(draw(green_path(0, 0), {"", 0, 0}), ArgumentError);
  CHECK_THROWS_AS(draw(green_path(0, 0), {"\xff", 0, 1}), ArgumentError);
  const std::vector<GlimpsePath> many(200, green_path(0, 0));
  CHECK_THROWS_AS(draw_glimpse_paths(many, {"", 1, 8}), ArgumentError);
}

}  // namespace saccade::experiments
