#pragma once

#include "core/config/fields.hpp"
#include "core/random/stream.hpp"
#include "envs/images.hpp"

namespace saccade::envs {

/// Settings of the worlds of scenes.
struct SceneConfig {
  std::size_t side = 60;         // of the canvas, pixels
  std::size_t pieces = 0;        // of clutter
  std::size_t piece_size = 8;    // pixels
  std::string source = "mnist";  // mnist | digits
  std::size_t seed = 0;          // names the set of scenes

  void describe(config::Fields& fields);
};

/// One image somewhere on a larger canvas, among pieces of others: Translated and Cluttered Translated MNIST (Mnih et
/// al. 2014, sections 4.1.1 and 4.1.2), after the authors' generator (deepmind/mnist-cluttered):
///
///   1. the canvas is empty;
///   2. each piece of clutter: a source image of the same split, drawn with replacement; a corner on the canvas and one
///      in the source, both uniform; the square of piece_size pixels is added, and sums above 1 are set to 1;
///   3. the image itself, at a uniform corner, is added in the same way.
///
/// Training draws a new scene for each visit of an image; validation and test have one scene for each image, the same
/// for ever. An episode's index is that of its image.
class Scenes final : public ImageWorld {
 public:
  /// @throws ConfigError  unless images and pieces fit the canvas, and pieces fit the images
  Scenes(std::string name, const SceneConfig& config, ImageSplits sources);

  [[nodiscard]] std::size_t size(rl::Split split) const override { return sources_.set(split).size(); }
  [[nodiscard]] std::string data_digests() const override { return sources_.digests; }
  [[nodiscard]] std::vector<std::string> notes() const override { return sources_.notes; }
  std::uint8_t paint(const rl::EpisodeKey& key, std::span<std::uint8_t> pixels) const override;

 private:
  SceneConfig config_;
  ImageSplits sources_;
};

}  // namespace saccade::envs
