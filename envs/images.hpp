#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/rl/environment.hpp"

/// Recognition as a world: an episode shows one image, its one action names the class, the reward is 1 for the right
/// one.
namespace saccade::envs {

/// A world that shows images. Observations are [B, H, W, C] in [0, 1]; the target is the class. A subclass paints.
class ImageWorld : public rl::Environment {
 public:
  [[nodiscard]] const rl::EnvironmentSpec& spec() const override { return spec_; }
  [[nodiscard]] std::unique_ptr<rl::Episodes> episodes() const override;

  /// The image of an episode, one byte a pixel and channel: 0 is 0, 255 is 1. Called by several threads at a time.
  /// @param key     within the split
  /// @param pixels  [H, W, C], with unspecified contents; all of it is written
  /// @return        the class
  virtual std::uint8_t paint(const rl::EpisodeKey& key, std::span<std::uint8_t> pixels) const = 0;

 protected:
  /// @param shape  [H, W, C]
  ImageWorld(std::string name, const Shape& shape, std::size_t classes);

 private:
  rl::EnvironmentSpec spec_;
};

/// Images of one size with their classes.
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
  std::string digests = {};             ///< of the files they were read from, as Environment::data_digests() has them
  std::vector<std::string> notes = {};  ///< on them, as Environment::notes() has them

  [[nodiscard]] const ImageSet& set(rl::Split split) const;
  /// @throws ArgumentError  naming the world, unless pixels and labels fit the shape and the number of classes
  void check(const std::string& world) const;
};

/// A world over images that are in memory.
class ImageRecognition final : public ImageWorld {
 public:
  /// @throws ArgumentError  unless pixels and labels fit the shape and the number of classes
  ImageRecognition(std::string name, ImageSplits splits);

  [[nodiscard]] std::size_t size(rl::Split split) const override { return set(split).size(); }
  [[nodiscard]] std::string data_digests() const override { return splits_.digests; }
  [[nodiscard]] std::vector<std::string> notes() const override { return splits_.notes; }
  std::uint8_t paint(const rl::EpisodeKey& key, std::span<std::uint8_t> pixels) const override;

  [[nodiscard]] const ImageSet& set(rl::Split split) const { return splits_.set(split); }

 private:
  ImageSplits splits_;
};

}  // namespace saccade::envs
