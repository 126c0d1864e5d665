#include "envs/captions/caption_world.hpp"

#include <algorithm>

#include "core/errors.hpp"

namespace saccade::envs::captions {
namespace {

constexpr auto end_word = static_cast<std::int32_t>(Vocabulary::end);

class CaptionEpisodes final : public rl::Episodes {
 public:
  explicit CaptionEpisodes(const CaptionWorld& world) : world_{&world} {}

  rl::TimeStep reset(std::span<const rl::EpisodeKey> keys) override {
    rl::check_keys("captions", *world_, keys);
    resize(keys.size());
    const std::size_t size = world_->spec().observation.shape.size();
    for (std::size_t b = 0; b < keys.size(); ++b) {
      world_->show(keys[b], std::span(observations_).subspan(b * size, size), words_[b]);
    }
    step_ = 0;
    running_ = true;
    revealing_ = !keys.empty() && keys.front().split == rl::Split::train;
    std::fill(discounts_.begin(), discounts_.end(), Real{1});
    return time_step(rl::StepKind::first);
  }

  rl::TimeStep step(std::span<const std::int32_t> actions) override {
    if (!running_) throw ArgumentError("captions: a step needs a reset first");
    rl::check_actions("captions", world_->spec(), actions, discounts_.size());
    bool goes_on = false;
    for (std::size_t b = 0; b < actions.size(); ++b) {
      advance(b, actions[b]);
      goes_on = goes_on || discounts_[b] != 0;
    }
    ++step_;
    running_ = goes_on && step_ < world_->spec().max_steps;
    return time_step(running_ ? rl::StepKind::mid : rl::StepKind::last);
  }

 private:
  void resize(std::size_t batch) {
    observations_.resize(batch * world_->spec().observation.shape.size());
    if (words_.size() < batch) words_.resize(batch);
    rewards_.assign(batch, 0);
    discounts_.resize(batch);
    targets_.resize(batch);
  }

  void advance(std::size_t b, std::int32_t action) {
    targets_[b] = -1;
    if (discounts_[b] == 0) return;
    if (revealing_) targets_[b] = words_[b][step_];
    const std::int32_t word = revealing_ ? targets_[b] : action;
    if (word == end_word || step_ + 1 == world_->spec().max_steps) discounts_[b] = 0;
  }

  rl::TimeStep time_step(rl::StepKind kind) {
    const Shape& one = world_->spec().observation.shape;
    const std::size_t batch = discounts_.size();
    const bool tells = revealing_ && kind != rl::StepKind::first;
    return {kind,
            {observations_.data(), {batch, one[0], one[1], one[2]}},
            rewards_,
            discounts_,
            tells ? std::span<const std::int32_t>(targets_) : std::span<const std::int32_t>{}};
  }

  const CaptionWorld* world_;
  std::vector<Real> observations_;
  std::vector<std::vector<std::int32_t>> words_;
  std::vector<Real> rewards_;
  std::vector<Real> discounts_;
  std::vector<std::int32_t> targets_;
  std::size_t step_ = 0;
  bool running_ = false;
  bool revealing_ = false;
};

}  // namespace

CaptionWorld::CaptionWorld(std::string name, const rl::TensorSpec& observation, Vocabulary vocabulary,
                           std::size_t max_words)
    : vocabulary_{std::move(vocabulary)} {
  spec_.name = std::move(name);
  spec_.observation = observation;
  spec_.num_actions = vocabulary_.size();
  spec_.max_steps = max_words + 1;
  spec_.has_targets = true;
  spec_.end_action = end_word;
  spec_.masked_actions = {static_cast<std::int32_t>(Vocabulary::start), static_cast<std::int32_t>(Vocabulary::unknown)};
}

std::unique_ptr<rl::Episodes> CaptionWorld::episodes() const { return std::make_unique<CaptionEpisodes>(*this); }

}  // namespace saccade::envs::captions
