#include "envs/images.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/errors.hpp"

namespace saccade::envs {
namespace {

class ImageEpisodes final : public rl::Episodes {
 public:
  explicit ImageEpisodes(const ImageWorld& world) : world_{&world}, pixels_(world.spec().observation.shape.size()) {}

  rl::TimeStep reset(std::span<const rl::EpisodeKey> keys) override {
    rl::check_keys(world_->spec().name, *world_, keys);
    resize(keys.size());
    Real* image = images_.data();
    for (std::size_t b = 0; b < keys.size(); ++b, image += pixels_.size()) {
      labels_[b] = world_->paint(keys[b], pixels_);
      for (std::size_t i = 0; i < pixels_.size(); ++i) {
        image[i] = static_cast<Real>(pixels_[i]) * (Real{1} / Real{255});
      }
    }
    running_ = true;
    return {rl::StepKind::first, observation(), rewards_, discounts_, {}};
  }

  rl::TimeStep step(std::span<const std::int32_t> actions) override {
    if (!running_) {
      throw ArgumentError(fmt::format("{}: the episodes are over; call reset first", world_->spec().name));
    }
    rl::check_actions(world_->spec().name, world_->spec(), actions, labels_.size());
    for (std::size_t b = 0; b < actions.size(); ++b) {
      rewards_[b] = actions[b] == labels_[b] ? Real{1} : Real{0};
      discounts_[b] = 0;
    }
    running_ = false;
    return {rl::StepKind::last, observation(), rewards_, discounts_, labels_};
  }

 private:
  void resize(std::size_t batch) {
    images_.resize(batch * pixels_.size());
    rewards_.assign(batch, 0);
    discounts_.assign(batch, 1);
    labels_.resize(batch);
  }

  TensorView observation() { return {images_.data(), world_->spec().observation.shape.prepended(labels_.size())}; }

  const ImageWorld* world_;
  std::vector<std::uint8_t> pixels_;
  std::vector<Real> images_;
  std::vector<Real> rewards_;
  std::vector<Real> discounts_;
  std::vector<std::int32_t> labels_;
  bool running_ = false;
};

}  // namespace

ImageWorld::ImageWorld(std::string name, const Shape& shape, std::size_t classes) {
  spec_.name = std::move(name);
  spec_.observation = {shape, 0, 1};
  spec_.num_actions = classes;
  spec_.has_targets = true;
}

std::unique_ptr<rl::Episodes> ImageWorld::episodes() const { return std::make_unique<ImageEpisodes>(*this); }

const ImageSet& ImageSplits::set(rl::Split split) const {
  switch (split) {
    case rl::Split::train: return train;
    case rl::Split::validation: return validation;
    case rl::Split::test: break;
  }
  return test;
}

void ImageSplits::check(const std::string& world) const {
  for (const rl::Split split : {rl::Split::train, rl::Split::validation, rl::Split::test}) {
    const ImageSet& images = set(split);
    if (images.pixels.size() != images.size() * shape.size()) {
      throw ArgumentError(fmt::format("{}: {} labels of images {} need {} bytes of pixels in the {} split, got {}",
                                      world, images.size(), to_string(shape), images.size() * shape.size(),
                                      rl::name(split), images.pixels.size()));
    }
    const auto wrong = std::find_if(images.labels.begin(), images.labels.end(), [&](auto k) { return k >= classes; });
    if (wrong != images.labels.end()) {
      throw ArgumentError(
          fmt::format("{}: labels must be below {}, got {} in the {} split", world, classes, *wrong, rl::name(split)));
    }
  }
}

ImageRecognition::ImageRecognition(std::string name, ImageSplits splits)
    : ImageWorld(std::move(name), splits.shape, splits.classes), splits_{std::move(splits)} {
  splits_.check(spec().name);
}

std::uint8_t ImageRecognition::paint(const rl::EpisodeKey& key, std::span<std::uint8_t> pixels) const {
  const ImageSet& images = set(key.split);
  std::copy_n(images.pixels.begin() + static_cast<std::ptrdiff_t>(key.index * pixels.size()), pixels.size(),
              pixels.begin());
  return images.labels[key.index];
}

}  // namespace saccade::envs
