#pragma once

#include "agents/show_attend_tell/networks.hpp"
#include "core/rl/agent.hpp"
#include "core/rl/baseline.hpp"

namespace saccade::agents {

/// Show, Attend and Tell (Xu et al. 2015, https://arxiv.org/abs/1502.03044): an LSTM that says a caption word by word,
/// reading the annotations of an image before each. Without the encoder, a cell of the observation is an annotation.
///
///   h_0, c_0 = tanh(Linear(mean a)),  e_{t,l} = v . tanh(W a_l + b + U h_{t-1}),  alpha_t = softmax(e_t)
///   z_t = beta_t phi(a, alpha_t),     beta_t = sigma(Linear(h_{t-1}))
///   h_t, c_t = LSTM([E y_{t-1}, z_t]),  y_t from the deep output (OutputNetwork)
///
/// with the zero vector for E y_0. The kinds of attention differ in phi and its gradient, in nothing else:
///
/// - soft       phi = sum_l alpha_l a_l, by back-propagation (section 4.2)
/// - hard       phi = a_s with s drawn from alpha (section 4.1), by REINFORCE:
///
///                L = -sum_t log p(y_t) - policy_coefficient sum_t (R_t - b_t) log alpha_{t,s_t}
///                    - entropy_coefficient sum_t H[alpha_t]
///
///              With r_t = log p(y_t): R_t is r_t ("word"), r_t + ... + r_T ("rest") or r_1 + ... + r_T ("sentence");
///              the last two estimate the gradient of the expected log-likelihood without bias, the first leaves out
///              what a place does to later words. b_t is the same sum of baselines of single words: the moving average
///              of r; what r_t is when every place is the likeliest one (self-critical, Rennie et al. 2017); or the
///              mean r_t of the other roll-outs. The log has the mean over words of the squared length of
///              (R_t - b_t) d log alpha_{t,s_t} / d e_t, what REINFORCE tells the scores ("score_gradient_square"): its
///              second moment, so its variance but for the square of the mean and what words differ in.
/// - marginal   p(y_t) = sum_l alpha_l p(y_t | z = a_l), exactly (Deng et al. 2018, https://arxiv.org/abs/1807.03756);
///              the state goes on from the expected context. L times the work of the others.
/// - uniform    phi = a_s with s drawn uniformly: the control of hard attention
/// - mean       phi = mean a: the control of soft attention
///
/// Where places are drawn (hard and uniform), a share of the training captions reads the expected context instead, as
/// in the paper with 0.5: they add the gradient of soft attention and have no REINFORCE term.
///
/// All add the doubly stochastic penalty over alpha, if they have one. Losses are sums over words and means over
/// captions.
class ShowAttendTellAgent final : public rl::Agent {
 public:
  /// @param seed  of the initial parameters
  /// @throws ConfigError  unless the world shows [H, W, C], reveals words in training and has a word that ends
  /// captions;
  ///                      or for leave_one_out with a single roll-out
  ShowAttendTellAgent(ShowAttendTellConfig config, const rl::EnvironmentSpec& world, std::uint64_t seed);

  ParameterStore& parameters() override { return store_; }
  [[nodiscard]] std::unique_ptr<rl::Actor> actor() const override;
  [[nodiscard]] std::size_t rollouts() const override { return config_.rollouts; }
  [[nodiscard]] std::size_t metric_count() const override;
  [[nodiscard]] rl::Report report(std::span<const double> sums, std::size_t episodes) const override;
  void after_step(std::span<const double> sums, std::size_t episodes) override;
  [[nodiscard]] std::vector<rl::NamedNumber> state() override { return {{"moving_average", moving_average_.state()}}; }
  /// Words are always the likeliest ones, greedily or by a beam. What is drawn in training is at test drawn too, or the
  /// context of the likeliest place, or the expected one. The first mode, which chooses the parameters, is drawn for
  /// hard attention as it is for its control, uniform.
  [[nodiscard]] std::vector<rl::EvaluationMode> evaluation_modes(const rl::EvaluationEffort& effort) const override;
  [[nodiscard]] std::vector<std::string> notes() const override;

  [[nodiscard]] const ShowAttendTellConfig& config() const { return config_; }
  [[nodiscard]] const ShowAttendTellNetworks& networks() const { return networks_; }
  [[nodiscard]] const rl::EnvironmentSpec& world() const { return world_; }
  [[nodiscard]] double moving_average() const { return moving_average_.value(); }
  /// Whether there is an alpha.
  [[nodiscard]] bool attends() const { return config_.attention != "uniform" && config_.attention != "mean"; }

 private:
  ShowAttendTellConfig config_;
  rl::EnvironmentSpec world_;
  ParameterStore store_;
  ShowAttendTellNetworks networks_;
  rl::MovingAverage moving_average_{config_.baseline_decay};
};

}  // namespace saccade::agents
