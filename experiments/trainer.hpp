#pragma once

#include <memory>
#include <vector>

#include "core/optim/optimiser.hpp"
#include "core/optim/schedule.hpp"
#include "experiments/evaluate.hpp"
#include "experiments/experiment.hpp"

namespace saccade::experiments {

/// One agent in training. A step is: a batch of episodes, cut into shards of fixed size; each shard through agent and
/// world with its own tape, while cores without one begin the next batch; the tapes walked back; the gradients summed
/// in the order of the shards; one step of the optimiser. Everything that is drawn depends on the seed and on the
/// number of episodes begun before, so the same parameters come out for any number of workers, stopped and resumed or
/// not.
class Trainer {
 public:
  /// All must outlive the trainer.
  Trainer(const Experiment& experiment, const rl::Environment& environment, rl::Agent& agent,
          parallel::Workers& workers);

  /// One training step. @throws NonFiniteError if a policy or the norm of the gradient is not finite; the parameters
  /// are unchanged.
  void step();

  /// At the end of an epoch: validates, keeps the best parameters so far, advances the schedule.
  /// @return what the log records
  /// @throws NonFiniteError if the loss on validation is not finite; nothing is kept then
  [[nodiscard]] rl::Report finish_epoch();

  [[nodiscard]] std::size_t steps_per_epoch() const { return steps_per_epoch_; }
  [[nodiscard]] std::size_t steps_done() const { return state_.step; }
  [[nodiscard]] std::size_t epochs_done() const { return state_.step / steps_per_epoch_; }
  [[nodiscard]] std::size_t images_per_step() const { return config_.batch; }
  [[nodiscard]] bool finished() const;
  [[nodiscard]] double learning_rate() const;
  /// What the last finished epoch reached on validation.
  struct Validation {
    double error = 1;
    rl::Report measures = {};  ///< the judge's, where the world has one
  };
  [[nodiscard]] const Validation& last_validation() const { return last_validation_; }
  /// Training error and loss of the current epoch so far.
  [[nodiscard]] rl::Report training_report() const;

  /// What a checkpoint holds beside parameters and optimiser.
  struct State {
    std::size_t step = 0;
    std::size_t best_epoch = 0;
    double best_error = 2;  ///< EvaluationResult::cost on validation; above any at first
  };
  [[nodiscard]] const State& state() const { return state_; }
  void set_state(const State& state) { state_ = state; }
  [[nodiscard]] optim::Optimiser& optimiser() { return *optimiser_; }
  [[nodiscard]] optim::Schedule& schedule() { return schedule_; }
  [[nodiscard]] rl::Agent& agent() { return *agent_; }
  /// The parameters with the lowest cost on validation so far, laid out as ParameterStore::values().
  [[nodiscard]] TensorView best_parameters() { return best_; }

 private:
  [[nodiscard]] EvaluationResult validate();
  void run_shards();
  void run_shard(std::size_t shard);
  [[noreturn]] void throw_non_finite(std::string_view what) const;
  void shuffle(std::size_t epoch);
  /// Makes batches of episodes of one length as far as they go, in random order.
  void sort_batches(random::Stream& stream);
  /// The episodes of a shard in a step of the current epoch.
  void fill_keys(std::size_t shard, std::size_t step, std::vector<rl::EpisodeKey>& keys) const;
  [[nodiscard]] std::size_t images_per_shard() const;

  const Experiment* experiment_;
  const rl::Environment* environment_;
  rl::Agent* agent_;
  parallel::Workers* workers_;
  TrainerConfig config_;
  rl::EvaluationMode validation_mode_;
  std::size_t steps_per_epoch_;
  std::unique_ptr<optim::Optimiser> optimiser_;
  optim::Schedule schedule_;
  std::vector<std::unique_ptr<Lane>> shards_;
  std::vector<TensorView> gradients_;
  std::vector<std::vector<double>> shard_sums_;
  std::vector<double> step_sums_;
  std::vector<double> epoch_sums_;
  std::size_t epoch_episodes_ = 0;
  double norm_sum_ = 0;
  double last_rate_ = 0;
  Validation last_validation_;
  std::vector<std::uint32_t> order_;
  std::vector<std::uint32_t> lengths_;  // of training episodes, if they differ
  std::size_t shuffled_epoch_ = static_cast<std::size_t>(-1);
  Tensor best_;
  State state_;
};

}  // namespace saccade::experiments
