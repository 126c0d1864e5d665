#pragma once

#include "core/autograd/tape.hpp"

/// Losses of policy gradients as pure functions. Every argument that is a TensorView is a constant: no gradient reaches
/// it, whatever it was computed from. Reduction, everywhere: sum over steps, divided by `episodes`.
namespace saccade::rl {

/// Returns from rewards, R_t = r_t + discount_t R_{t+1}, in place of the recursion of Sutton and Barto 2018, eq. 3.9.
///
/// @param reward    [B, T], r_t for the action of step t
/// @param discount  [B, T], of what comes after step t
/// @param result    [B, T]
/// @throws ShapeError  unless all have one shape of rank 2
void discounted_returns(const TensorView& reward, const TensorView& discount, const TensorView& result);

/// Advantages A = R - b.
///
/// @param returns, baseline, result  of one size; `baseline` is a constant here: train it with baseline_loss
void advantages(const TensorView& returns, const TensorView& baseline, const TensorView& result);

/// REINFORCE (Williams 1992, https://doi.org/10.1007/BF00992696; for glimpses, Mnih et al. 2014, section 3.1):
///
///   L = -(1/episodes) sum_{b,t} mask[b,t] advantage[b,t] log_prob[b,t]
///
/// whose gradient estimates that of minus the expected return, if the baseline does not depend on the action and
/// nothing is discounted; with discounts it leaves out the factor of the steps before t, as is usual.
///
/// @param log_prob   [B, T] of the raw draws; the only input that receives a gradient
/// @param advantage  [B, T]
/// @param mask       [B, T], 1 for decisions, 0 for padding; or empty for all ones
/// @param episodes   > 0, the number of episodes of the whole batch
/// @return           [1]
/// @throws ShapeError  unless the shapes agree
[[nodiscard]] Variable reinforce_loss(const Variable& log_prob, const TensorView& advantage, const TensorView& mask,
                                      std::size_t episodes);

/// Regression of a baseline on the returns:
///
///   L = (1/episodes) sum_{b,t} mask[b,t] (baseline[b,t] - returns[b,t])^2
///
/// @param baseline  [B, T]; the only input that receives a gradient
/// @throws ShapeError  unless the shapes agree
[[nodiscard]] Variable baseline_loss(const Variable& baseline, const TensorView& returns, const TensorView& mask,
                                     std::size_t episodes);

/// Entropy bonus of categorical policies, to be added to what is minimised:
///
///   L = -(1/episodes) sum_n mask[n] H[softmax(logits[n])]
///
/// @param logits  [N, K]
/// @param mask    [N], or empty
[[nodiscard]] Variable entropy_loss(const Variable& logits, const TensorView& mask, std::size_t episodes);

}  // namespace saccade::rl
