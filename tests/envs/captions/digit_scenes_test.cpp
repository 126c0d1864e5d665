#include "envs/captions/digit_scenes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "core/errors.hpp"
#include "envs/digits/digits.hpp"
#include "tests/support/allocations.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/check_environment.hpp"
#include "tests/support/messages.hpp"

namespace saccade::envs::captions {
namespace {

using namespace tests;
using rl::Split;

constexpr std::size_t source_side = 4;

/// A plain square for each digit, of brightness `base` and the digit.
ImageSet plain_set(std::uint8_t base) {
  ImageSet set;
  for (std::uint8_t label = 0; label < 10; ++label) {
    set.pixels.insert(set.pixels.end(), source_side * source_side, static_cast<std::uint8_t>(base + label));
    set.labels.push_back(label);
  }
  return set;
}

/// A pixel tells its digit, and which split that comes from.
ImageSplits plain_sources() {
  return {{source_side, source_side, 1}, 10, plain_set(50), plain_set(100), plain_set(150)};
}

ImageSplits drawn_sources() {
  parallel::Workers workers(1);
  return draw_digits({30, 30, 30, 0, 0.5}, workers);
}

DigitScenesConfig settings(std::size_t side = 56) {
  DigitScenesConfig config;
  config.side = side;
  config.train = 30;
  config.validation = config.test = 60;
  return config;
}

struct Shown {
  std::vector<Real> picture;
  std::vector<std::int32_t> words;
};

Shown show(const DigitScenes& world, const rl::EpisodeKey& key) {
  Shown shown{std::vector<Real>(world.spec().observation.shape.size(), 99), {}};
  world.show(key, shown.picture, shown.words);
  return shown;
}

std::vector<std::int32_t> caption(const DigitScenes& world, Split split, std::uint64_t index) {
  std::vector<std::int32_t> words;
  world.grammar().describe(world.scene({split, index}), words);
  words.pop_back();
  return words;
}

std::string text(const DigitScenes& world, Split split, std::uint64_t index) {
  return world.judge()->text(caption(world, split, index));
}

TEST_CASE("digit scenes keep the promises of an environment", "[digit_scenes]") {
  CHECK(check_environment(DigitScenes(settings(), plain_sources())) == no_faults);
  DigitScenesConfig nine = settings(24);
  nine.digits_min = 1;
  nine.digits_max = 9;
  CHECK(check_environment(DigitScenes(nine, drawn_sources())) == no_faults);
}

TEST_CASE("training scenes may have fewer digits than those of validation and test", "[digit_scenes]") {
  DigitScenesConfig config = settings();
  config.train_digits_min = 1;
  const DigitScenes world(config, plain_sources());
  CHECK(check_environment(world) == no_faults);
  for (std::uint64_t index = 0; index < 8; ++index) {
    CHECK(world.scene({Split::train, index}).digits().size() == 1 + index % 4);
    CHECK(world.scene({Split::validation, index}).digits().size() == 2 + index % 3);
    CHECK(world.scene({Split::test, index}).digits().size() == 2 + index % 3);
    CHECK(world.length(Split::train, index) == 5 * (1 + index % 4) - 2 + 1);
  }
}

TEST_CASE("the sizes of digit scenes", "[digit_scenes]") {
  const DigitScenes world({}, plain_sources());
  CHECK(world.spec().name == "digit_scenes");
  CHECK(world.spec().observation.shape == Shape{56, 56, 1});
  CHECK(world.spec().num_actions == 21);
  CHECK(world.spec().max_steps == 19);
  CHECK(world.size(Split::train) == 20000);
  CHECK(world.size(Split::validation) == 2000);
  CHECK(world.size(Split::test) == 2000);
}

TEST_CASE("digit scenes are pictures themselves", "[digit_scenes]") {
  const DigitScenes world(settings(), plain_sources());
  for (const Split split : {Split::train, Split::validation, Split::test}) CHECK(world.photograph(split, 0).empty());
}

TEST_CASE("an index tells how many digits there are and how long the caption is", "[digit_scenes]") {
  const DigitScenes world({}, plain_sources());
  for (const Split split : {Split::train, Split::validation, Split::test}) {
    std::map<std::size_t, int> counts;
    for (std::uint64_t i = 0; i < 2000; ++i) {
      const std::size_t digits = world.scene({split, i, i, 7 * i}).digits().size();
      CHECK(digits == 2 + i % 3);
      ++counts[digits];
    }
    CHECK(counts == std::map<std::size_t, int>{{2, 667}, {3, 667}, {4, 666}});
  }
  for (std::uint64_t i = 0; i < 30; ++i) {
    CHECK(world.length(Split::train, i) == 5 * (2 + i % 3) - 1);
    CHECK(world.length(Split::test, i) == world.spec().max_steps);
    for (std::uint64_t visit = 0; visit < 20; ++visit) {
      CHECK(show(world, {Split::train, i, 0, visit}).words.size() == world.length(Split::train, i));
    }
  }
}

TEST_CASE("digit scenes and their captions are the same for ever", "[digit_scenes]") {
  const DigitScenes world(settings(42), drawn_sources());
  CHECK(text(world, Split::validation, 0) == "a large four diagonally above a large five");
  CHECK(text(world, Split::validation, 1) == "a large four diagonally above a large five directly above a large zero");
  CHECK(text(world, Split::test, 0) == "a small five diagonally above a small eight");
  CHECK(world.judge()->reference(Split::test, 0) == "a small five diagonally above a small eight");
  CHECK(text(world, Split::test, 1) == "a small nine directly above a large two directly above a large five");
  CHECK(text(world, Split::test, 2) ==
        "a large two left of a large seven diagonally above a large zero left of a small one");
  CHECK(world.judge()->text(show(world, {Split::train, 2, 0, 5}).words) ==
        "a small two directly above a large three left of a small three left of a large one <end>");
}

/// Row by row on new lines, darker characters for more ink.
std::string drawing(const std::vector<Real>& picture, std::size_t side) {
  constexpr std::string_view shades = ".:+*#@";
  std::string result = "\n";
  for (std::size_t i = 0; i < picture.size(); ++i) {
    result += shades[static_cast<std::size_t>(std::ceil(static_cast<double>(picture[i]) * 5 - 1e-6))];
    if ((i + 1) % side == 0) result += '\n';
  }
  return result;
}

TEST_CASE("a picture of digits is the same for ever", "[digit_scenes]") {
  const DigitScenes world(settings(42), drawn_sources());
  CHECK(drawing(show(world, {Split::test, 2}).picture, 42) == R"(
..........................................
......:+*+:...................:+::::++....
....:+@@@@#:..................*##@@@@+....
....+@#:::#+..................*#::++#:....
....:+:..:*+..................+*:..+#:....
.........:#:......................:#+.....
........:#+.......................+#:.....
.......:##:.......................##:.....
......:*#:.......................:@+......
.....:*#+:......................:#@:......
...:+##::::.....................:@#:......
..:#@#**##*.....................+@*:......
..:+*++++::.....................:+:.......
..........................................
..........................................
..........................................
..........................................
..........................................
..........................................
..........................................
..........................................
..........................................
..........................................
..........................................
..........................................
..........................................
..........................................
..........................................
..........................................
..................:*@@*:..................
.................:#@@@@+:.................
................:#@@@@@@:.................
...............:@@#+::#@*............++...
..............:#@+:...+@@:...........@*...
..............:@#......#@+...........*+...
..............+@+......#@+..........:@:...
..............+@+.....:@@:..........+*....
..............+@+....:#@#:..........#:....
..............:@@:..:*@#:...........*.....
...............+@#**@@#:..................
...............:+@@@@*:...................
..........................................
)");
}

/// What a caption says of a digit, and of how it lies to the one before.
struct Said {
  std::string relation;
  bool large = false;
  int label = -1;

  bool operator==(const Said&) const = default;
};

/// Reads a caption by its published grammar and nothing of its code; empty if it is none.
std::vector<Said> parse(const std::string& caption) {
  const Tokens words = tokenise(caption);
  const Tokens names{"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"};
  std::vector<Said> result;
  for (std::size_t i = 0; i < words.size(); i += 3) {
    Said said;
    if (i > 0) {
      if (i + 5 > words.size()) return {};
      said.relation = words[i] + " " + words[i + 1];
      i += 2;
    }
    if (i + 3 > words.size() || words[i] != "a") return {};
    if (words[i + 1] != "large" && words[i + 1] != "small") return {};
    said.large = words[i + 1] == "large";
    said.label = static_cast<int>(std::find(names.begin(), names.end(), words[i + 2]) - names.begin());
    result.push_back(said);
  }
  return result;
}

std::vector<Said> seen(const DigitScene& scene) {
  std::vector<Said> result;
  for (const PlacedDigit& digit : scene.digits()) {
    Said said{"", digit.large, digit.label};
    if (!result.empty()) {
      const PlacedDigit& last = scene.digits()[result.size() - 1];
      said.relation = last.row() == digit.row()         ? "left of"
                      : last.column() == digit.column() ? "directly above"
                                                        : "diagonally above";
    }
    result.push_back(said);
  }
  return result;
}

TEST_CASE("a caption tells the scene", "[digit_scenes]") {
  const DigitScenes world({}, plain_sources());
  std::map<std::string, int> relations;
  for (std::uint64_t i = 0; i < 2000; ++i) {
    const std::vector<Said> said = parse(text(world, Split::test, i));
    CHECK(said == seen(world.scene({Split::test, i})));
    for (const Said& one : said) ++relations[one.relation];
  }
  std::string counts;
  for (const auto& [name, count] : relations) counts += fmt::format("{}: {}, ", name, count);
  CHECK(counts == ": 2000, diagonally above: 1658, directly above: 784, left of: 1557, ");
}

/// Which digit of the plain sources every pixel shows, -1 for none.
std::vector<int> labels_of(const std::vector<Real>& picture, int base) {
  std::vector<int> labels;
  for (const Real x : picture) {
    const auto brightness = static_cast<int>(std::lround(255 * x));
    labels.push_back(brightness == 0 ? -1 : brightness - base);
  }
  return labels;
}

TEST_CASE("a digit word speaks of the square of its digit, other words of nothing", "[digit_scenes]") {
  const DigitScenes world(settings(), plain_sources());
  std::size_t boxes_seen = 0;
  for (std::uint64_t index = 0; index < 60; ++index) {
    const std::vector<std::int32_t> words = caption(world, Split::test, index);
    const std::vector<int> labels = labels_of(show(world, {Split::test, index}).picture, 150);
    for (std::size_t step = 0; step < words.size(); ++step) {
      const std::vector<rl::Box> boxes = world.judge()->parts(Split::test, index, words, step);
      boxes_seen += boxes.size();
      const auto label = world.grammar().digit(words[step]);
      CHECK(boxes.size() == (label ? 1 : 0));
      std::size_t inside = 0, others = 0;
      for (std::size_t i = 0; i < labels.size(); ++i) {
        const std::size_t row = i / 56, column = i % 56;
        const double x = (static_cast<double>(column) + 0.5) / 56, y = (static_cast<double>(row) + 0.5) / 56;
        if (boxes.empty() || !boxes[0].contains(x, y)) continue;
        inside += 1;
        others += labels[i] != *label ? 1 : 0;
      }
      CHECK(others == 0);
      CHECK((inside == 0 || inside == 10 * 10 || inside == 16 * 16));
      CHECK((inside == 0) == boxes.empty());
    }
  }
  CHECK(boxes_seen == 180);  // two to four digits in turn
}

TEST_CASE("the k-th digit of a caption is the k-th of the picture, right or wrong", "[digit_scenes]") {
  const DigitScenes world(settings(), plain_sources());
  const rl::Judge& judge = *world.judge();
  const DigitScene scene = world.scene({Split::test, 0});
  const std::size_t there = scene.digits().size();
  const auto number = [&](const char* word) { return static_cast<std::int32_t>(world.vocabulary().number(word)); };
  rl::Actions words;
  for (std::size_t k = 0; k < there + 1; ++k) {
    words.push_back(number("a"));
    CHECK(judge.parts(Split::test, 0, words, words.size() - 1).empty());
    words.push_back(number("five"));
    const std::vector<rl::Box> boxes = judge.parts(Split::test, 0, words, words.size() - 1);
    REQUIRE(boxes.size() == (k < there ? 1 : 0));
    if (boxes.empty()) continue;
    const rl::Box expected = world.layout().box(scene.digits()[k]);
    CHECK((boxes[0].left == expected.left && boxes[0].top == expected.top && boxes[0].right == expected.right &&
           boxes[0].bottom == expected.bottom));
  }
  CHECK(judge.parts(Split::test, 0, words, words.size()).empty());
  CHECK(judge.parts(Split::train, 0, words, 1).empty());
}

TEST_CASE("a digit is large or small in the picture as in its caption", "[digit_scenes]") {
  const DigitScenes world(settings(), plain_sources());
  for (std::uint64_t index = 0; index < 60; ++index) {
    const std::vector<int> labels = labels_of(show(world, {Split::validation, index}).picture, 100);
    std::map<int, std::ptrdiff_t> expected;
    const std::string caption = text(world, Split::validation, index);
    for (const Said& said : parse(caption)) expected[said.label] += said.large ? 16 * 16 : 10 * 10;
    for (const auto& [label, area] : expected) CHECK(std::count(labels.begin(), labels.end(), label) == area);
  }
}

TEST_CASE("digits of a split are its own, and training draws all of its", "[digit_scenes]") {
  const DigitScenes world(settings(), plain_sources());
  for (const auto& [split, base] :
       {std::pair(Split::train, 50), std::pair(Split::validation, 100), std::pair(Split::test, 150)}) {
    std::map<int, int> found;
    for (std::uint64_t i = 0; i < 60; ++i) {
      for (const int label : labels_of(show(world, {split, i % 30, 0, i}).picture, base)) ++found[label];
    }
    CHECK(found.size() == 11);
    CHECK((found.begin()->first == -1 && found.rbegin()->first == 9));
  }
}

TEST_CASE("training draws each visit anew, roll-outs share it, other scenes never change", "[digit_scenes]") {
  const DigitScenes world(settings(), plain_sources());
  const auto picture = [&](const rl::EpisodeKey& key) { return show(world, key).picture; };
  CHECK(picture({Split::train, 1, 0, 7}) != picture({Split::train, 1, 0, 8}));
  CHECK(picture({Split::train, 1, 0, 7}) == picture({Split::train, 1, 55, 7}));
  for (const Split split : {Split::validation, Split::test}) {
    CHECK(picture({split, 1, 0, 7}) == picture({split, 1, 3, 8}));
    CHECK(picture({split, 1}) != picture({split, 4}));
    CHECK(show(world, {split, 1}).words.empty());
  }
  DigitScenesConfig other = settings();
  other.seed = 1;
  CHECK(picture({Split::test, 1}) != show(DigitScenes(other, plain_sources()), {Split::test, 1}).picture);
  other = settings();
  other.test = 3;
  CHECK(picture({Split::test, 1}) == show(DigitScenes(other, plain_sources()), {Split::test, 1}).picture);
}

TEST_CASE("the judge of digit scenes asks first for captions that are exactly right", "[digit_scenes]") {
  const DigitScenes world(settings(), plain_sources());
  std::vector<rl::Actions> said;
  for (std::uint64_t i = 0; i < 60; ++i) said.push_back(caption(world, Split::test, i));
  const auto exact = [&] {
    const rl::Report report = rl::measures(*world.judge(), Split::test, said);
    CHECK(report.size() == 12);
    CHECK(report[0].first == "exact");
    CHECK(report[1].first == "bleu-4");
    return report[0].second;
  };
  CHECK(exact() == 1);
  CHECK(world.judge()->right(Split::test, 5, said[5]));
  std::swap(said[5][1], said[5][2]);
  said[6].pop_back();
  said[7] = said[10];
  CHECK(!world.judge()->right(Split::test, 5, said[5]));
  CHECK(exact() == Approx(57.0 / 60));
}

TEST_CASE("digit scenes make no heap allocation once they are warm", "[digit_scenes]") {
  const DigitScenes world(settings(), drawn_sources());
  std::vector<Real> picture(56 * 56);
  std::vector<std::int32_t> words;
  world.show({Split::train, 2}, picture, words);
  const std::size_t before = allocations();
  for (std::uint64_t i = 0; i < 30; ++i) world.show({Split::train, i, i, i}, picture, words);
  CHECK(allocations() == before);
}

TEST_CASE("an image without ink leaves its place empty", "[digit_scenes]") {
  const ImageSet empty{{0, 0, 0, 0}, {3}};
  const DigitScenes world(settings(), {{2, 2, 1}, 10, empty, empty, empty});
  const std::vector<Real> picture = show(world, {Split::test, 0}).picture;
  CHECK(std::count(picture.begin(), picture.end(), Real{0}) == 56 * 56);
}

TEST_CASE("digit scenes that cannot be are refused", "[digit_scenes]") {
  const auto config_error = [](const DigitScenesConfig& config) {
    return message_of<ConfigError>([&] { DigitScenes(config, plain_sources()); });
  };
  DigitScenesConfig config = settings();
  config.digits_min = 5;
  CHECK(config_error(config) == "digit_scenes: environment.digits_min must be at most digits_max, got 5 and 4");
  config.digits_min = 2;
  config.train_digits_min = 5;
  CHECK(config_error(config) == "digit_scenes: environment.train_digits_min must be at most digits_max, got 5 and 4");
  config = settings();
  config.source = "mnist";
  CHECK(config_error(config) == "(no error)");
  config.variation = 0.7;
  CHECK(config_error(config) == "digit_scenes: environment.variation is that of source = \"digits\", got \"mnist\"");

  const auto argument_error = [](const ImageSplits& sources) {
    return message_of<ArgumentError>([&] { DigitScenes(settings(), sources); });
  };
  ImageSplits sources = plain_sources();
  sources.shape = {source_side, source_side / 2, 2};
  CHECK(has(argument_error(sources), "digit_scenes: sources must have 1 channel"));
  sources = plain_sources();
  sources.test = {};
  CHECK(argument_error(sources) == "digit_scenes: sources have no image in the test split");
}

}  // namespace
}  // namespace saccade::envs::captions
