#include "envs/digits/digits.hpp"

#include <algorithm>

#include "envs/digits/strokes.hpp"

namespace saccade::envs {
namespace {

ImageSet draw_set(std::size_t count, const DigitsConfig& config, random::Purpose purpose, parallel::Workers& workers) {
  ImageSet set;
  set.pixels.resize(count * digit_side * digit_side);
  set.labels.resize(count);
  constexpr std::size_t grain = 256;
  workers.for_ranges(count, grain, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      random::Stream stream(config.seed, purpose, 0, i);
      set.labels[i] = static_cast<std::uint8_t>(i % 10);
      const DigitImage image = draw_digit(set.labels[i], stream, static_cast<float>(config.variation));
      std::copy(image.begin(), image.end(), set.pixels.begin() + static_cast<std::ptrdiff_t>(i * image.size()));
    }
  });
  return set;
}

}  // namespace

void DigitsConfig::describe(config::Fields& fields) {
  constexpr double most = 10'000'000;
  fields.add("train", &train, "number of training images", config::range(1, most));
  fields.add("validation", &validation, "number of validation images", config::range(1, most));
  fields.add("test", &test, "number of test images", config::range(1, most));
  fields.add("seed", &seed, "names the set of images; not the seed of a run", config::at_least(0));
}

ImageSplits draw_digits(const DigitsConfig& config, parallel::Workers& workers) {
  ImageSplits splits;
  splits.train = draw_set(config.train, config, random::Purpose("digits train"), workers);
  splits.validation = draw_set(config.validation, config, random::Purpose("digits validation"), workers);
  splits.test = draw_set(config.test, config, random::Purpose("digits test"), workers);
  return splits;
}

}  // namespace saccade::envs
