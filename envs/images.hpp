#pragma once

#include <cstdint>
#include <vector>

#include "core/rl/environment.hpp"

/// Recognition as a world: an episode shows one image, its one action names the class, the reward is 1 for the right
/// one.
namespace saccade::envs {

/// Images of one size with their classes, one byte a pixel and channel: 0 is 0, 255 is 1.
struct ImageSet {
  std::vector<std::uint8_t> pixels;  ///< [N, H, W, C]
  std::vector<std::uint8_t> labels;  ///< [N]

  [[nodiscard]] std::size_t size() const { return labels.size(); }
};

/// The three splits of a set of images.
struct ImageSplits {
  Shape shape{28, 28, 1};  ///< [H, W, C] of one image
  std::size_t classes = 10;
  ImageSet train;
  ImageSet validation;
  ImageSet test;
};

/// A world over images that are in memory. Observations are [B, H, W, C] in [0, 1]; the target is the class.
class ImageRecognition final : public rl::Environment {
 public:
  /// @throws ArgumentError  unless pixels and labels fit the shape and the number of classes
  ImageRecognition(std::string name, ImageSplits splits);

  [[nodiscard]] const rl::EnvironmentSpec& spec() const override { return spec_; }
  [[nodiscard]] std::size_t size(rl::Split split) const override { return set(split).size(); }
  [[nodiscard]] std::unique_ptr<rl::Episodes> episodes() const override;

  [[nodiscard]] const ImageSet& set(rl::Split split) const;

 private:
  rl::EnvironmentSpec spec_;
  ImageSplits splits_;
};

}  // namespace saccade::envs
