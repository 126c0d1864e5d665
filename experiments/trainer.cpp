#include "experiments/trainer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/errors.hpp"
#include "core/parallel/reduce.hpp"

namespace saccade::experiments {
namespace {

std::size_t count_steps(const TrainerConfig& config, const rl::Environment& environment) {
  const std::size_t size = environment.size(rl::Split::train);
  if (config.batch > size) {
    throw ConfigError(fmt::format("trainer.batch must be at most the {} training episodes of {}, got {}", size,
                                  environment.spec().name, config.batch));
  }
  return size / config.batch;
}

/// The length of each training episode; empty if all are of one length.
std::vector<std::uint32_t> lengths_of(const rl::Environment& environment) {
  std::vector<std::uint32_t> lengths(environment.size(rl::Split::train));
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    lengths[i] = static_cast<std::uint32_t>(environment.length(rl::Split::train, i));
  }
  const bool equal = std::adjacent_find(lengths.begin(), lengths.end(), std::not_equal_to<>()) == lengths.end();
  return equal ? std::vector<std::uint32_t>{} : lengths;
}

void shuffle_range(std::span<std::uint32_t> range, random::Stream& stream) {
  for (std::size_t i = range.size(); i > 1; --i) {
    std::swap(range[i - 1], range[stream.below(static_cast<std::uint32_t>(i))]);
  }
}

}  // namespace

Trainer::Trainer(const Experiment& experiment, const rl::Environment& environment, rl::Agent& agent,
                 parallel::Workers& workers)
    : experiment_{&experiment},
      environment_{&environment},
      agent_{&agent},
      workers_{&workers},
      config_{experiment.trainer()},
      validation_mode_{experiment.evaluation_modes(agent, experiment.evaluation().effort).front()},
      steps_per_epoch_{count_steps(config_, environment)},
      optimiser_{optim::make_optimiser(config_.optimiser, agent.parameters().values().size())},
      schedule_{config_.schedule},
      step_sums_(agent.metric_count()),
      epoch_sums_(agent.metric_count()),
      order_(environment.size(rl::Split::train)),
      lengths_{lengths_of(environment)},
      best_{to_tensor(agent.parameters().values())} {
  const std::size_t count = (config_.batch + images_per_shard() - 1) / images_per_shard();
  for (std::size_t i = 0; i < count; ++i) {
    shards_.push_back(std::make_unique<Lane>(environment, agent));
    gradients_.push_back(shards_.back()->tape.gradients());
    shard_sums_.emplace_back(agent.metric_count());
  }
}

std::size_t Trainer::images_per_shard() const { return std::max<std::size_t>(config_.shard / agent_->rollouts(), 1); }

void Trainer::step() {
  shuffle(epochs_done());
  run_shards();
  parallel::ordered_sum(*workers_, gradients_);
  const double norm = optim::clip_global_norm(*workers_, gradients_.front(), config_.clip_norm);
  if (!std::isfinite(norm)) throw_non_finite("the gradient is not finite");
  last_rate_ = learning_rate();
  optimiser_->step(*workers_, agent_->parameters().values(), gradients_.front(), last_rate_);

  std::fill(step_sums_.begin(), step_sums_.end(), 0);
  for (const std::vector<double>& sums : shard_sums_) {
    for (std::size_t i = 0; i < sums.size(); ++i) step_sums_[i] += sums[i];
  }
  const std::size_t episodes = config_.batch * agent_->rollouts();
  agent_->after_step(step_sums_, episodes);
  for (std::size_t i = 0; i < step_sums_.size(); ++i) epoch_sums_[i] += step_sums_[i];
  epoch_episodes_ += episodes;
  norm_sum_ += norm;
  ++state_.step;
}

void Trainer::run_shards() {
  try {
    const std::size_t count = shards_.size();
    const bool epoch_goes_on = (state_.step + 1) % steps_per_epoch_ != 0;
    for (std::size_t shard = 0; shard < count; ++shard) {
      shards_[shard]->use_prepared();
      fill_keys(shard, state_.step, shards_[shard]->keys);
      if (epoch_goes_on) fill_keys(shard, state_.step + 1, shards_[shard]->upcoming);
    }
    // A core that has no shard to compute begins the episodes of the next step.
    workers_->for_each(epoch_goes_on ? 2 * count : count,
                       [&](std::size_t i) { i < count ? run_shard(i) : shards_[i - count]->prepare(); });
  } catch (const NonFiniteError& error) {
    throw_non_finite(error.what());
  }
}

void Trainer::throw_non_finite(std::string_view what) const {
  throw NonFiniteError(
      fmt::format("{} after step {}; try a lower trainer.schedule.rate or a trainer.clip_norm", what, state_.step));
}

void Trainer::run_shard(std::size_t shard) {
  Lane& lane = *shards_[shard];
  lane.play(Tape::Mode::record, {rl::Decision::sample, experiment_->seed(), random::Purpose("train")});
  lane.tape.backward(lane.actor->loss(config_.batch * agent_->rollouts()));
  std::fill(shard_sums_[shard].begin(), shard_sums_[shard].end(), 0);
  lane.actor->add_metrics(shard_sums_[shard]);
}

void Trainer::fill_keys(std::size_t shard, std::size_t step, std::vector<rl::EpisodeKey>& keys) const {
  const std::size_t begin = shard * images_per_shard();
  const std::size_t end = std::min(config_.batch, begin + images_per_shard());
  const std::size_t in_epoch = (step % steps_per_epoch_) * config_.batch;
  const std::size_t rollouts = agent_->rollouts();
  keys.clear();
  for (std::size_t i = begin; i < end; ++i) {
    const std::size_t visit = step * config_.batch + i;
    for (std::size_t m = 0; m < rollouts; ++m) {
      keys.push_back({rl::Split::train, order_[in_epoch + i], visit * rollouts + m, visit, experiment_->seed()});
    }
  }
}

void Trainer::shuffle(std::size_t epoch) {
  if (shuffled_epoch_ == epoch) return;
  std::iota(order_.begin(), order_.end(), 0U);
  random::Stream stream(experiment_->seed(), random::Purpose("shuffle"), epoch);
  shuffle_range(order_, stream);
  if (!lengths_.empty()) sort_batches(stream);
  shuffled_epoch_ = epoch;
}

void Trainer::sort_batches(random::Stream& stream) {
  const std::size_t used = steps_per_epoch_ * config_.batch;
  std::vector<std::uint32_t> sorted(order_.begin(), order_.begin() + static_cast<std::ptrdiff_t>(used));
  std::stable_sort(sorted.begin(), sorted.end(), [&](auto a, auto b) { return lengths_[a] < lengths_[b]; });
  std::vector<std::uint32_t> batches(steps_per_epoch_);
  std::iota(batches.begin(), batches.end(), 0U);
  shuffle_range(batches, stream);
  for (std::size_t step = 0; step < steps_per_epoch_; ++step) {
    std::copy_n(sorted.data() + batches[step] * config_.batch, config_.batch, order_.data() + step * config_.batch);
  }
}

double Trainer::learning_rate() const {
  const double epochs = static_cast<double>(state_.step) / static_cast<double>(steps_per_epoch_);
  return schedule_.rate(epochs / static_cast<double>(config_.epochs), epochs);
}

rl::Report Trainer::training_report() const {
  if (epoch_episodes_ == 0) return {};
  return agent_->report(epoch_sums_, epoch_episodes_);
}

EvaluationResult Trainer::validate() {
  try {
    EvaluationResult result = evaluate(*environment_, *agent_, rl::Split::validation, validation_mode_,
                                       experiment_->seed(), experiment_->evaluation().chunk, *workers_);
    if (!std::isfinite(result.cross_entropy.value_or(0))) throw NonFiniteError("the validation loss is not finite");
    return result;
  } catch (const NonFiniteError& error) {
    throw_non_finite(error.what());
  }
}

rl::Report Trainer::finish_epoch() {
  const EvaluationResult validation = validate();
  rl::Report report{{"epoch", static_cast<double>(epochs_done())},
                    {"step", static_cast<double>(state_.step)},
                    {"learning_rate", last_rate_},
                    {"gradient_norm", norm_sum_ / static_cast<double>(steps_per_epoch_)}};
  for (auto& [name, value] : training_report()) report.emplace_back("train_" + name, value);
  report.emplace_back("validation_error", validation.error());
  if (validation.cross_entropy) report.emplace_back("validation_cross_entropy", *validation.cross_entropy);
  for (const auto& [name, value] : validation.measures) report.emplace_back("validation_" + name, value);
  for (const auto& [name, value] : validation.attention) report.emplace_back("validation_" + name, value);
  last_validation_ = {validation.error(), validation.measures};
  if (validation.cost() < state_.best_error) {
    state_.best_error = validation.cost();
    state_.best_epoch = epochs_done();
    copy(agent_->parameters().values(), best_);
  }
  schedule_.observe(validation.cost());
  std::fill(epoch_sums_.begin(), epoch_sums_.end(), 0);
  epoch_episodes_ = 0;
  norm_sum_ = 0;
  return report;
}

bool Trainer::finished() const {
  if (epochs_done() >= config_.epochs) return true;
  return config_.patience > 0 && epochs_done() >= state_.best_epoch + config_.patience && state_.step > 0;
}

}  // namespace saccade::experiments
