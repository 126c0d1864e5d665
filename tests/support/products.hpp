#pragma once

#include <cstddef>
#include <memory>

#include "core/tensor/gemm.hpp"

/// What holds for all ways to compute products.
namespace saccade::tests {

/// What a way of multiplying does to an operand before.
using Rounding = Tensor (*)(Tensor);
[[nodiscard]] Tensor unrounded(Tensor x);
[[nodiscard]] Tensor rounded_to_bfloat16(Tensor x);

/// a b + beta c by the definition, in double.
[[nodiscard]] Tensor product_of(Tensor a, Tensor b, Tensor c, Real beta);

/// Checks sizes from 1 to some hundred, both transposes and values of beta against a loop in double over operands so
/// rounded.
void check_products(Products& products, Rounding rounding_of);

/// The same of c = a op(b) where b is a parameter, in sizes around those of tiles, panels and blocks of a kernel. What
/// c held before is NaN where beta is 0.
/// @param make  the products of a store of parameters
void check_products_of_parameters(std::unique_ptr<Products> (*make)(const TensorView&));

/// Checks that a parameter [N, K] or [K, N] is converted once until the next begin, at its second use at the latest, in
/// each form that it is used in.
/// @param parameters  a matrix, what the products were made for
void check_parameters_are_kept(Products& products, Tensor& parameters);

/// Heap allocations of a step that follows two others, with products from left and right, of parameters and not.
[[nodiscard]] std::size_t allocations_of_products(Products& products, Tensor& parameters);

}  // namespace saccade::tests
