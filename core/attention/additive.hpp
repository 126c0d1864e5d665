#pragma once

#include "core/autograd/tape.hpp"

namespace saccade::attention {

/// Scores of additive attention (Bahdanau et al. 2015, section 3.1; f_att of Xu et al. 2015, section 3.1.2), in one
/// pass over the keys:
///
///   t[b,l,a] = tanh(keys[b,l,a] + query[b,a])
///   e[b,l]   = sum_a v[a] t[b,l,a]
///
///   d_keys[b,l,a] = d_e[b,l] v[a] (1 - t[b,l,a]^2)
///   d_query[b,a]  = v[a] sum_l d_e[b,l] (1 - t[b,l,a]^2)
///   d_v[a]        = sum_{b,l} d_e[b,l] t[b,l,a]
///
/// The keys are the annotations projected once an image, W a + b, and serve all steps; the query is what the state
/// asks, U h. Nothing of the size [B, L, A] is made: backward computes t again, and adds d_keys of each step in place.
///
/// @param keys   [B, L, A]
/// @param query  [B, A]
/// @param v      [A]
/// @return       [B, L], to be put through a softmax over places
/// @throws ShapeError  unless the shapes fit
[[nodiscard]] Variable additive_scores(const Variable& keys, const Variable& query, const Variable& v);

}  // namespace saccade::attention
