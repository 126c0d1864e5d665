#include "envs/scenes/scenes.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/errors.hpp"

namespace saccade::envs {
namespace {

/// A rectangle of pixels within a larger image of rows that follow one another.
struct Place {
  std::size_t top;
  std::size_t left;
};

std::uint8_t saturating_sum(std::uint8_t a, std::uint8_t b) {
  return static_cast<std::uint8_t>(std::min<int>(int{a} + int{b}, 255));
}

/// Adds height x width pixels of `from` to `to`; channels are numbers within a pixel.
void add_patch(const std::uint8_t* from, std::size_t from_width, const Place& source, std::uint8_t* to,
               std::size_t to_width, const Place& target, std::size_t height, std::size_t width, std::size_t channels) {
  for (std::size_t row = 0; row < height; ++row) {
    const std::uint8_t* s = from + ((source.top + row) * from_width + source.left) * channels;
    std::uint8_t* t = to + ((target.top + row) * to_width + target.left) * channels;
    for (std::size_t i = 0; i < width * channels; ++i) t[i] = saturating_sum(s[i], t[i]);
  }
}

/// A uniform number from 0 to most.
std::size_t uniform(random::Stream& stream, std::size_t most) {
  return stream.below(static_cast<std::uint32_t>(most + 1));
}

Place uniform_place(random::Stream& stream, std::size_t rows, std::size_t columns) {
  const std::size_t top = uniform(stream, rows);
  return {top, uniform(stream, columns)};
}

void check_fits(const std::string& world, const SceneConfig& config, const Shape& image) {
  const auto fail = [&](const char* what, std::size_t small, std::size_t large) {
    throw ConfigError(fmt::format("{}: {}, got {} and {}", world, what, small, large));
  };
  const std::size_t longer = std::max(image[0], image[1]);
  const std::size_t shorter = std::min(image[0], image[1]);
  if (longer > config.side) fail("environment.side must be at least the images'", config.side, longer);
  if (config.pieces > 0 && config.piece_size > shorter) {
    fail("environment.piece_size must be at most the images' side", config.piece_size, shorter);
  }
}

}  // namespace

void SceneConfig::describe(config::Fields& fields) {
  fields.add("side", &side, "width and height of the canvas, pixels", config::range(1, 4096));
  fields.add("pieces", &pieces, "pieces of clutter", config::range(0, 10000));
  fields.add("piece_size", &piece_size, "width and height of a piece, pixels", config::range(1, 4096));
  fields.add("source", &source, "where the images come from", config::one_of({"mnist", "digits"}));
  fields.add("seed", &seed, "names the set of scenes; not the seed of a run", config::at_least(0));
}

Scenes::Scenes(std::string name, const SceneConfig& config, ImageSplits sources)
    : ImageWorld(std::move(name), {config.side, config.side, sources.shape[2]}, sources.classes),
      config_{config},
      sources_{std::move(sources)} {
  sources_.check(spec().name);
  check_fits(spec().name, config_, sources_.shape);
}

std::uint8_t Scenes::paint(const rl::EpisodeKey& key, std::span<std::uint8_t> pixels) const {
  const std::size_t height = sources_.shape[0];
  const std::size_t width = sources_.shape[1];
  const std::size_t channels = sources_.shape[2];
  const ImageSet& images = sources_.set(key.split);
  const auto image = [&](std::size_t index) { return images.pixels.data() + index * height * width * channels; };
  random::Stream stream = rl::episode_stream(config_.seed, random::Purpose("scene"), key);
  std::fill(pixels.begin(), pixels.end(), std::uint8_t{0});
  const std::size_t side = config_.side;
  const std::size_t piece = config_.piece_size;
  for (std::size_t i = 0; i < config_.pieces; ++i) {
    const std::uint8_t* source = image(uniform(stream, images.size() - 1));
    const Place target = uniform_place(stream, side - piece, side - piece);
    const Place corner = uniform_place(stream, height - piece, width - piece);
    add_patch(source, width, corner, pixels.data(), side, target, piece, piece, channels);
  }
  const Place target = uniform_place(stream, side - height, side - width);
  add_patch(image(key.index), width, {0, 0}, pixels.data(), side, target, height, width, channels);
  return images.labels[key.index];
}

}  // namespace saccade::envs
