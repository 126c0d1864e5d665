#pragma once

#include <array>
#include <optional>
#include <vector>

#include "agents/show_attend_tell/agent.hpp"
#include "core/attention/additive_keys.hpp"

namespace saccade::agents {

/// What ShowAttendTellActor adds up for the log, by index.
struct CaptionSums {
  enum Index : std::size_t {
    loss,
    log_prob,  // of the words, r_t
    words,
    wrong,    // words that were not the likeliest ones
    entropy,  // of alpha, over words
    penalty,
    policy,
    reward,  // of decisions: r_t
    advantage,
    advantage_square,
    score_gradient_square,
    decisions,
    count
  };
};

/// A batch of captions through a ShowAttendTellAgent. In training the words are those of the captions, and the output
/// layer runs once over all steps, in the loss; elsewhere the words are the agent's own.
class ShowAttendTellActor final : public rl::Actor {
 public:
  explicit ShowAttendTellActor(const ShowAttendTellAgent& agent);

  void begin(Tape& tape, const rl::Policy& policy, std::span<const rl::EpisodeKey> keys) override;
  std::span<const std::int32_t> act(const rl::TimeStep& now) override;
  void observe(const rl::TimeStep& next) override;
  Variable loss(std::size_t episodes) override;
  void add_metrics(std::span<double> sums) const override;
  [[nodiscard]] TensorView action_log_probs() const override { return log_probs_; }
  [[nodiscard]] std::span<const rl::Reading> readings() const override { return readings_; }
  void follow(std::span<const std::int32_t> parents, std::span<const std::int32_t> actions) override;

 private:
  /// What one step has read and made of it, [B, ...] each.
  struct Step {
    Variable embedded;
    Variable context;      // z, gated
    ops::LstmState state;  // after the step
    Variable scores;       // e, [B, L]; none without alpha
    Variable weights;      // alpha
    Variable log_weights;
    Variable each_log_prob;                // marginal: [B L, words] of each place
    std::span<const std::int32_t> places;  // that were read; -1 for the expected context; empty for other attention
  };

  void start(const TensorView& observation);
  [[nodiscard]] Step step(const ops::LstmState& before, rl::Decision decision);
  void attend(Step& now, const Variable& h) const;
  [[nodiscard]] Variable read(Step& now, rl::Decision decision);
  std::span<const std::int32_t> choose_places(const Step& now, rl::Decision decision);
  void try_each_place(Step& now, const ops::LstmState& before, const Variable& gate);
  void add_reading(const Step& now);
  void predict(const Step& now);
  [[nodiscard]] TensorView marginal_log_probs(const Step& now) const;
  [[nodiscard]] std::span<random::Stream> dropout_streams(std::size_t first_step, std::size_t steps,
                                                          std::size_t repeats);

  [[nodiscard]] Variable word_log_probs(std::span<const Step> steps);
  [[nodiscard]] Variable joint_word_log_probs(std::span<const Step> steps);
  [[nodiscard]] Variable marginal_word_log_probs(std::span<const Step> steps);
  [[nodiscard]] Variable doubly_stochastic_penalty(std::size_t episodes);
  [[nodiscard]] Variable entropy_loss(std::size_t episodes);
  [[nodiscard]] Variable policy_loss(const TensorView& rewards, std::size_t episodes);
  [[nodiscard]] TensorView advantages(const TensorView& rewards);
  void baselines(const TensorView& rewards, const TensorView& result);
  void others_mean(const TensorView& rewards, const TensorView& result) const;
  void count_words(const TensorView& log_probs);
  void count_wrong(const TensorView& log_probs, std::size_t first_word);
  [[nodiscard]] TensorView decision_mask() const;
  [[nodiscard]] const ShowAttendTellConfig& config() const { return agent_->config(); }

  const ShowAttendTellAgent* agent_;
  Tape* tape_ = nullptr;
  rl::Policy policy_;
  std::size_t batch_ = 0;
  std::size_t captions_ = 1;  // of each image: roll-outs, or hypotheses of a beam
  bool training_ = false;
  std::vector<random::Stream> streams_;          // of each episode, for places
  std::vector<random::Stream> dropout_streams_;  // scratch
  std::vector<std::uint64_t> numbers_;
  std::vector<char> expected_;  // captions that are trained with the expected context
  Annotations annotations_;
  Variable mean_;           // annotation
  Variable equal_weights_;  // [B, L], where there is no alpha
  std::optional<attention::AdditiveKeys> keys_;
  std::vector<Step> steps_;
  std::vector<Step> likeliest_;       // the same with the likeliest places, for the self-critical baseline
  std::vector<std::int32_t> words_;   // said last; -1 at first
  std::vector<std::int32_t> labels_;  // [T B]
  std::vector<Real> mask_;            // [T B], 1 up to the end of the caption
  std::vector<char> running_;
  std::vector<std::int32_t> actions_;
  TensorView log_probs_;
  std::vector<rl::Reading> readings_;
  std::array<double, CaptionSums::count> sums_{};
};

}  // namespace saccade::agents
