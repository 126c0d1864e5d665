#pragma once

#include "core/autograd/tape.hpp"

namespace saccade::attention {

namespace detail {
struct KeySteps;
}

/// Additive attention over annotations that serve many steps, as those of a photograph serve all words of its caption:
/// the scores of additive_scores,
///
///   e[b,l] = sum_a v[a] tanh(keys[b,l,a] + query[b,a]),   keys = annotations W^T + bias,
///
/// in a form that costs a step little more than reading the keys. The projection keeps E = exp(2 keys) in the place of
/// the keys, and with F = exp(2 query)
///
///   r = 1 / (1 + E F),   tanh = 1 - 2 r,   1 - tanh^2 = 4 r (1 - r)
///
/// so that no step computes an exponential for each place. Backward of a step finds d_query and d_v; d_keys is found
/// once for all steps, when the walk has passed the first of them, in one pass over the keys for all:
///
///   d_keys[b,l,a] = 4 v[a] sum_t d_e_t[b,l] r_t (1 - r_t)
///
/// and goes on to the weight, the bias and the annotations. Nothing of the size [B, L, A] exists beside E and d_keys.
///
/// Each tanh is off by 3e-7 at most (float), which may be more than some units of the last place of a small one. Keys
/// and queries beyond -20 and 20 count as -20 and 20: a key of 100 and a query of -60 would cancel.
///
/// A handle, valid until the tape begins anew; copies name the same keys.
class AdditiveKeys {
 public:
  /// @param annotations  [B, L, D]
  /// @param weight       [A, D]
  /// @param bias         [A], or no variable for none
  /// @param v            [A]
  /// @throws ShapeError  unless the shapes fit
  AdditiveKeys(const Variable& annotations, const Variable& weight, const Variable& bias, const Variable& v);

  /// Of an image that several captions are said of, K roll-outs or hypotheses of a beam, all K ask the same keys.
  ///
  /// @param query  [B K, A], of image b the rows b K to b K + K - 1; K >= 1 may differ from step to step
  /// @return       [B K, L], to be put through a softmax over places
  /// @throws ShapeError  unless the shapes fit
  [[nodiscard]] Variable scores(const Variable& query) const;

 private:
  Variable exponentials_;  // [B, L, A]: exp(2 keys), but with the gradient of the keys
  Variable v_;
  Variable arrived_;  // [1]: has a gradient once a step has been walked back
  detail::KeySteps* steps_;
};

}  // namespace saccade::attention
