#pragma once

#include "core/autograd/tape.hpp"

/// Moving a block of columns between matrices: the shared part of concatenate and slice.
namespace saccade::ops {

/// to[:, first : first + from.columns] = from
void copy_into_columns(const TensorView& from, const TensorView& to, std::size_t first);
/// to = from[:, first : first + to.columns]
void copy_from_columns(const TensorView& from, const TensorView& to, std::size_t first);
/// During the walk: d_x += d_y[:, first : first + x.columns], with x seen as rows.
void add_grad_columns(const Variable& x, const TensorView& d_y, std::size_t first);
/// During the walk: d_x[:, first : first + d_y.columns] += d_y, with x seen as rows.
void add_grad_into_columns(const Variable& x, const TensorView& d_y, std::size_t first);

}  // namespace saccade::ops
