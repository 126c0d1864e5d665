#include "experiments/data/photograph.hpp"

#include <fmt/format.h>

#include <array>

#include "core/errors.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/messages.hpp"
#include "tests/support/skip.hpp"
#include "tests/support/temp_folder.hpp"

namespace saccade::experiments {
namespace {

using namespace tests;
namespace fs = std::filesystem;

using Pixel = std::array<std::uint8_t, 3>;
using Floats = std::vector<float>;

constexpr Pixel black{0, 0, 0};
constexpr Pixel orange{200, 100, 50};

/// A PPM file, colour_at(x, y) at each pixel.
template <typename ColourAt>
fs::path write_picture(const TempFolder& folder, std::size_t width, std::size_t height, const ColourAt& colour_at) {
  std::string text = fmt::format("P6\n{} {}\n255\n", width, height);
  for (std::size_t y = 0; y < height; ++y) {
    for (std::size_t x = 0; x < width; ++x) {
      for (const std::uint8_t byte : Pixel{colour_at(x, y)}) text += static_cast<char>(byte);
    }
  }
  return folder.write("picture.ppm", text);
}

Floats pixels_of(const std::vector<Pixel>& pixels) {
  Floats floats;
  for (const Pixel& pixel : pixels) {
    for (const std::uint8_t byte : pixel) floats.push_back(static_cast<float>(byte) / 255.0F);
  }
  return floats;
}

bool without_opencv() {
  const std::string error = message_of<ConfigError>([] { (void)read_photograph("/no/photograph", 1); });
  if (!has(error, "no OpenCV")) return false;
  return skipped("this build has no OpenCV");
}

TEST_CASE("a photograph is read as it is", "[photograph]") {
  if (without_opencv()) return;
  const TempFolder folder;
  const fs::path file = write_picture(folder, 3, 2, [](std::size_t x, std::size_t y) {
    return x == 2 && y == 0 ? orange : Pixel{static_cast<std::uint8_t>(x), 7, static_cast<std::uint8_t>(y)};
  });
  for (const std::size_t side : {3, 4, 1000}) {
    const Photograph photograph = read_photograph(file, side);
    CHECK(photograph.height == 2);
    CHECK(photograph.width == 3);
    CHECK(photograph.pixels == pixels_of({{0, 7, 0}, {1, 7, 0}, orange, {0, 7, 1}, {1, 7, 1}, {2, 7, 1}}));
  }
}

TEST_CASE("a photograph is scaled down by areas", "[photograph]") {
  if (without_opencv()) return;
  const TempFolder folder;
  const Photograph halves = read_photograph(
      write_picture(folder, 8, 4, [](std::size_t x, std::size_t) { return x < 4 ? black : orange; }), 2);
  CHECK(halves.height == 1);
  CHECK(halves.width == 2);
  CHECK(halves.pixels == pixels_of({black, orange}));
  const auto chequered = [](std::size_t x, std::size_t y) { return (x + y) % 2 == 0 ? black : orange; };
  CHECK(read_photograph(write_picture(folder, 4, 4, chequered), 1).pixels == pixels_of({{100, 50, 25}}));
}

TEST_CASE("a photograph that is scaled down keeps its aspect", "[photograph]") {
  if (without_opencv()) return;
  const TempFolder folder;
  const auto size = [&](std::size_t width, std::size_t height, std::size_t side) {
    const auto plain = [](std::size_t, std::size_t) { return orange; };
    const Photograph photograph = read_photograph(write_picture(folder, width, height, plain), side);
    CHECK(photograph.pixels == pixels_of(std::vector<Pixel>(photograph.width * photograph.height, orange)));
    return std::pair(photograph.width, photograph.height);
  };
  CHECK(size(300, 200, 30) == std::pair<std::size_t, std::size_t>(30, 20));
  CHECK(size(200, 301, 100) == std::pair<std::size_t, std::size_t>(66, 100));
  CHECK(size(1, 500, 10) == std::pair<std::size_t, std::size_t>(1, 10));
}

TEST_CASE("a file that is no photograph is named", "[photograph]") {
  if (without_opencv()) return;
  const TempFolder folder;
  const auto error = [](const fs::path& file) { return message_of<IoError>([&] { (void)read_photograph(file, 9); }); };
  const fs::path gone = folder / "gone";
  CHECK(has(error(gone), gone.string() + ": cannot open: No such file"));
  const fs::path text = folder.write("text", "text");
  CHECK(error(text) == text.string() + ": OpenCV cannot decode this as a picture");
  const fs::path half = folder.write("half", "\xff\xd8\xff\xe0");
  CHECK(error(half) == half.string() + ": this JPEG is cut short: its end is missing");
}

TEST_CASE("a photograph has at least a pixel", "[photograph]") {
  CHECK(message_of<ArgumentError>([] { (void)read_photograph("/no/photograph", 0); }) ==
        "read_photograph: longest_side must be at least 1, got 0");
}

}  // namespace
}  // namespace saccade::experiments
