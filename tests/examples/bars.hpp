#pragma once

#include "core/config/fields.hpp"
#include "core/random/stream.hpp"
#include "envs/images.hpp"

namespace saccade::examples {

/// Settings of the world `bars`.
struct BarsConfig {
  std::size_t side = 6;  // pixels

  void describe(config::Fields& fields) {
    fields.add("side", &side, "width and height of the pictures", config::range(2, 100));
  }
};

/// Pictures of one bar that lies (class 0) or stands (class 1).
inline envs::ImageSet draw_bars(const BarsConfig& config, random::Purpose purpose, std::size_t count) {
  envs::ImageSet set;
  set.pixels.resize(count * config.side * config.side, 0);
  for (std::size_t i = 0; i < count; ++i) {
    random::Stream stream(/*seed=*/0, purpose, /*step=*/0, /*episode=*/i);
    const bool standing = stream.below(2) == 1;
    const std::size_t place = stream.below(static_cast<std::uint32_t>(config.side));
    std::uint8_t* picture = set.pixels.data() + i * config.side * config.side;
    for (std::size_t p = 0; p < config.side; ++p) {
      picture[standing ? p * config.side + place : place * config.side + p] = 255;
    }
    set.labels.push_back(standing ? 1 : 0);
  }
  return set;
}

inline std::unique_ptr<rl::Environment> make_bars(const BarsConfig& config) {
  envs::ImageSplits splits{{config.side, config.side, 1}, /*classes=*/2, {}, {}, {}};
  splits.train = draw_bars(config, random::Purpose("bars train"), 1000);
  splits.validation = draw_bars(config, random::Purpose("bars validation"), 200);
  splits.test = draw_bars(config, random::Purpose("bars test"), 200);
  return std::make_unique<envs::ImageRecognition>("bars", std::move(splits));
}

}  // namespace saccade::examples
