#pragma once

#include <string_view>

#include "core/tensor/tensor.hpp"

/// Checks of arguments. All messages read alike: function, argument, expected, got.
namespace saccade {

/// @throws ShapeError unless x has `rank` axes.
void check_rank(std::string_view function, std::string_view argument, const TensorView& x, std::size_t rank);
/// @throws ShapeError unless x has exactly this shape.
void check_shape(std::string_view function, std::string_view argument, const TensorView& x, const Shape& expected);
/// @throws ShapeError unless the extent of `axis` is `expected`.
void check_dim(std::string_view function, std::string_view argument, const TensorView& x, std::size_t axis,
               std::size_t expected);
/// @throws ShapeError unless x has `expected` elements.
void check_size(std::string_view function, std::string_view argument, const TensorView& x, std::size_t expected);

}  // namespace saccade
