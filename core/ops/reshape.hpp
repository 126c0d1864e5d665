#pragma once

#include "core/autograd/tape.hpp"

namespace saccade::ops {

/// The same elements in row-major order under another shape. Shares memory with x.
///
/// @throws ShapeError  unless the sizes agree
[[nodiscard]] Variable reshape(const Variable& x, const Shape& shape);

}  // namespace saccade::ops
