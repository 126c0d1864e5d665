#include "envs/scenes/scenes.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "core/errors.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/check_environment.hpp"
#include "tests/support/messages.hpp"

namespace saccade::envs {
namespace {

using namespace tests;

constexpr std::size_t source_side = 4;

/// Image i of a set shows a square of brightness `base + i` throughout; its class is i mod 3.
ImageSet plain_set(std::uint8_t base, std::size_t count) {
  ImageSet set;
  for (std::size_t i = 0; i < count; ++i) {
    set.pixels.insert(set.pixels.end(), source_side * source_side, static_cast<std::uint8_t>(base + i));
    set.labels.push_back(static_cast<std::uint8_t>(i % 3));
  }
  return set;
}

/// Training images from 10 on, validation from 40, test from 130: a pixel tells which split it comes from,
/// three on one another too.
ImageSplits plain_sources() {
  return {{source_side, source_side, 1}, 3, plain_set(10, 3), plain_set(40, 3), plain_set(130, 3)};
}

SceneConfig settings(std::size_t side, std::size_t pieces, std::size_t piece_size = 2) {
  SceneConfig config;
  config.side = side;
  config.pieces = pieces;
  config.piece_size = piece_size;
  return config;
}

using Picture = std::vector<std::uint8_t>;

Picture paint(const Scenes& world, const rl::EpisodeKey& key) {
  Picture picture(world.spec().observation.shape.size(), 99);
  world.paint(key, picture);
  return picture;
}

/// Row by row on new lines, a letter for each brightness: "." for 0, else the letter of the map or "?".
std::string text_of(const Picture& picture, std::size_t side, const std::map<int, char>& letters) {
  std::string text = "\n";
  for (std::size_t i = 0; i < picture.size(); ++i) {
    const auto letter = letters.find(picture[i]);
    text += picture[i] == 0 ? '.' : letter == letters.end() ? '?' : letter->second;
    if ((i + 1) % side == 0) text += '\n';
  }
  return text;
}

std::size_t ink(const Picture& picture) { return std::accumulate(picture.begin(), picture.end(), std::size_t{0}); }

TEST_CASE("worlds of scenes keep the promises of an environment", "[scenes]") {
  CHECK(check_environment(Scenes("translated", settings(9, 0), plain_sources())) == no_faults);
  CHECK(check_environment(Scenes("cluttered", settings(9, 3), plain_sources())) == no_faults);
}

TEST_CASE("scenes have one episode an image and its class", "[scenes]") {
  const Scenes world("scenes", settings(9, 2), plain_sources());
  CHECK(world.spec().observation.shape == Shape{9, 9, 1});
  CHECK(world.spec().num_actions == 3);
  Picture picture(81);
  for (const rl::Split split : {rl::Split::train, rl::Split::validation, rl::Split::test}) {
    CHECK(world.size(split) == 3);
    for (std::size_t i = 0; i < 3; ++i) CHECK(world.paint({split, i, 0, 5}, picture) == i);
  }
}

TEST_CASE("a translated image is whole and alone", "[scenes]") {
  const Scenes world("translated", settings(9, 0), plain_sources());
  for (std::size_t visit = 0; visit < 50; ++visit) {
    const Picture picture = paint(world, {rl::Split::train, 2, 0, visit});
    CHECK(std::count(picture.begin(), picture.end(), 12) == 16);
    CHECK(ink(picture) == 16 * 12);
  }
}

TEST_CASE("every place is as likely as any other", "[scenes]") {
  // 9 - 4 + 1 = 6 places each way: 36 with 1000 visits each, give or take 32.
  const Scenes world("translated", settings(9, 0), plain_sources());
  std::map<std::size_t, int> counts;
  for (std::size_t visit = 0; visit < 36000; ++visit) {
    const Picture picture = paint(world, {rl::Split::train, 0, 0, visit});
    ++counts[static_cast<std::size_t>(std::find(picture.begin(), picture.end(), 10) - picture.begin())];
  }
  CHECK(counts.size() == 36);
  CHECK(counts.rbegin()->first == 5 * 9 + 5);
  for (const auto& [place, count] : counts) CHECK(std::abs(count - 1000) < 160);
}

TEST_CASE("clutter is so many pieces of images of the same split", "[scenes]") {
  // Without overlaps, two pieces of four pixels and an image of sixteen.
  const Scenes world("cluttered", settings(30, 2), plain_sources());
  bool seen_apart = false;
  for (const auto& [split, base] :
       {std::pair(rl::Split::train, 10), std::pair(rl::Split::validation, 40), std::pair(rl::Split::test, 130)}) {
    for (std::size_t i = 0; i < 3; ++i) {
      const Picture picture = paint(world, {split, i, 0, i});
      const auto lit = picture.size() - static_cast<std::size_t>(std::count(picture.begin(), picture.end(), 0));
      CHECK(lit <= 24);
      seen_apart = seen_apart || lit == 24;
      for (const std::uint8_t pixel : picture) CHECK((pixel == 0 || (pixel >= base && pixel <= 3 * (base + 2))));
    }
  }
  CHECK(seen_apart);
}

TEST_CASE("a piece of clutter is cut from anywhere in its source", "[scenes]") {
  // The clutter's source has another brightness at each pixel, the image none: 3 x 3 corners for pieces of 2 x 2.
  ImageSplits sources = plain_sources();
  sources.validation = {Picture(source_side * source_side, 0), {0}};
  for (std::size_t i = 0; i < sources.validation.pixels.size(); ++i) {
    sources.validation.pixels[i] = static_cast<std::uint8_t>(i + 1);
  }
  sources.test = sources.train = sources.validation;
  const Scenes world("cluttered", settings(40, 1), sources);
  std::map<int, int> counts;
  int alone = 0;
  for (std::size_t visit = 0; visit < 9000; ++visit) {
    const Picture picture = paint(world, {rl::Split::train, 0, 0, visit});
    if (std::count(picture.begin(), picture.end(), 0) != 40 * 40 - 20) continue;  // the piece touches the image
    ++alone;
    // Of the piece each brightness is there twice, in the image too: its least is that of its upper left pixel.
    for (std::uint8_t corner = 1; corner <= 16; ++corner) {
      if (std::count(picture.begin(), picture.end(), corner) == 2) {
        ++counts[corner];
        break;
      }
    }
  }
  CHECK(alone > 8000);
  for (const int corner : {1, 2, 3, 5, 6, 7, 9, 10, 11}) CHECK(std::abs(counts[corner] - alone / 9) < 160);
}

TEST_CASE("sums beyond the brightest are the brightest", "[scenes]") {
  ImageSplits sources{{2, 2, 1}, 1, {Picture(4, 200), {0}}, {Picture(4, 200), {0}}, {Picture(4, 200), {0}}};
  const Scenes world("cluttered", settings(2, 3), sources);
  CHECK(paint(world, {rl::Split::train, 0, 0, 0}) == Picture(4, 255));
}

TEST_CASE("training draws each visit anew, roll-outs share it, tests never change", "[scenes]") {
  const Scenes world("cluttered", settings(30, 2), plain_sources());
  CHECK(paint(world, {rl::Split::train, 1, 0, 7}) != paint(world, {rl::Split::train, 1, 0, 8}));
  CHECK(paint(world, {rl::Split::train, 1, 0, 7}) == paint(world, {rl::Split::train, 1, 55, 7}));
  CHECK(paint(world, {rl::Split::test, 1, 0, 7}) == paint(world, {rl::Split::test, 1, 3, 8}));
  CHECK(paint(world, {rl::Split::validation, 1, 0, 7}) == paint(world, {rl::Split::validation, 1, 3, 8}));
  CHECK(paint(world, {rl::Split::train, 1, 0, 7, 1}) != paint(world, {rl::Split::train, 1, 0, 7, 2}));
  CHECK(paint(world, {rl::Split::test, 1, 0, 7, 1}) == paint(world, {rl::Split::test, 1, 0, 7, 2}));
  SceneConfig other = settings(30, 2);
  other.seed = 1;
  CHECK(paint(world, {rl::Split::test, 1, 0, 0}) !=
        paint(Scenes("other", other, plain_sources()), {rl::Split::test, 1, 0, 0}));
}

TEST_CASE("a scene is the same for ever", "[scenes]") {
  const Scenes world("cluttered", settings(14, 3), plain_sources());
  const std::map<int, char> letters{{130, 'a'}, {131, 'b'}, {132, 'c'}};
  CHECK(text_of(paint(world, {rl::Split::test, 2, 0, 0}), 14, letters) == R"(
..............
..............
.cc...........
.cc...........
.....cccc.....
.....cccc.....
.....cccc.....
.....cccc.....
..............
..............
..........aa..
...bb.....aa..
...bb.........
..............
)");
}

TEST_CASE("scenes that do not fit are refused", "[scenes]") {
  const auto message = [](const SceneConfig& config) {
    return message_of<ConfigError>([&] { Scenes("scenes", config, plain_sources()); });
  };
  CHECK(message(settings(3, 0)) == "scenes: environment.side must be at least the images', got 3 and 4");
  CHECK(message(settings(9, 1, 5)) == "scenes: environment.piece_size must be at most the images' side, got 5 and 4");
  CHECK_NOTHROW(Scenes("scenes", settings(9, 0, 5), plain_sources()));
}

}  // namespace
}  // namespace saccade::envs
