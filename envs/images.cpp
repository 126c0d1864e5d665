#include "envs/images.hpp"

#include <fmt/format.h>

#include "core/errors.hpp"

namespace saccade::envs {
namespace {

void check_set(const std::string& world, rl::Split split, const ImageSet& set, const ImageSplits& splits) {
  if (set.pixels.size() != set.size() * splits.shape.size()) {
    throw ArgumentError(fmt::format("{}: {} labels of images {} need {} bytes of pixels in the {} split, got {}", world,
                                    set.size(), to_string(splits.shape), set.size() * splits.shape.size(),
                                    rl::name(split), set.pixels.size()));
  }
  for (const std::uint8_t label : set.labels) {
    if (label >= splits.classes) {
      throw ArgumentError(fmt::format("{}: labels must be below {}, got {} in the {} split", world, splits.classes,
                                      label, rl::name(split)));
    }
  }
}

class ImageEpisodes final : public rl::Episodes {
 public:
  explicit ImageEpisodes(const ImageRecognition& world) : world_{&world} {}

  rl::TimeStep reset(std::span<const rl::EpisodeKey> keys) override {
    rl::check_keys("ImageRecognition::reset", *world_, keys);
    resize(keys.size());
    const std::size_t size = world_->spec().observation.shape.size();
    for (std::size_t b = 0; b < keys.size(); ++b) {
      const ImageSet& set = world_->set(keys[b].split);
      const std::uint8_t* pixels = set.pixels.data() + keys[b].index * size;
      Real* image = images_.data() + b * size;
      for (std::size_t i = 0; i < size; ++i) image[i] = static_cast<Real>(pixels[i]) * (Real{1} / Real{255});
      labels_[b] = set.labels[keys[b].index];
    }
    running_ = true;
    return {rl::StepKind::first, observation(), rewards_, discounts_, {}};
  }

  rl::TimeStep step(std::span<const std::int32_t> actions) override {
    if (!running_) throw ArgumentError("ImageRecognition::step: the episodes are over; call reset first");
    rl::check_actions("ImageRecognition::step", world_->spec(), actions, labels_.size());
    for (std::size_t b = 0; b < actions.size(); ++b) {
      rewards_[b] = actions[b] == labels_[b] ? Real{1} : Real{0};
      discounts_[b] = 0;
    }
    running_ = false;
    return {rl::StepKind::last, observation(), rewards_, discounts_, labels_};
  }

 private:
  void resize(std::size_t batch) {
    images_.resize(batch * world_->spec().observation.shape.size());
    rewards_.assign(batch, 0);
    discounts_.assign(batch, 1);
    labels_.resize(batch);
  }

  TensorView observation() { return {images_.data(), world_->spec().observation.shape.prepended(labels_.size())}; }

  const ImageRecognition* world_;
  std::vector<Real> images_;
  std::vector<Real> rewards_;
  std::vector<Real> discounts_;
  std::vector<std::int32_t> labels_;
  bool running_ = false;
};

}  // namespace

ImageRecognition::ImageRecognition(std::string name, ImageSplits splits) : splits_{std::move(splits)} {
  spec_.name = std::move(name);
  spec_.observation = {splits_.shape, 0, 1};
  spec_.num_actions = splits_.classes;
  spec_.has_targets = true;
  for (const rl::Split split : {rl::Split::train, rl::Split::validation, rl::Split::test}) {
    check_set(spec_.name, split, set(split), splits_);
  }
}

std::unique_ptr<rl::Episodes> ImageRecognition::episodes() const { return std::make_unique<ImageEpisodes>(*this); }

const ImageSet& ImageRecognition::set(rl::Split split) const {
  switch (split) {
    case rl::Split::train: return splits_.train;
    case rl::Split::validation: return splits_.validation;
    case rl::Split::test: break;
  }
  return splits_.test;
}

}  // namespace saccade::envs
