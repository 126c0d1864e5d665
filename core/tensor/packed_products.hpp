#pragma once

#include <memory>
#include <optional>
#include <string>

#include "core/tensor/gemm.hpp"

/// Products in Real by a kernel of our own, for what a library cannot know: that the same parameters are multiplied at
/// every step of a recurrent network, so that laying them out for the registers, once, serves all of these products.
namespace saccade {

/// The instructions of the kernel, such as "AVX-512"; none where this build has none and BLAS computes all products.
[[nodiscard]] std::optional<std::string> packed_kernel();

/// Products for make_products. Of c = a op(b) + beta c where b is a parameter, from the second such product of a step
/// on, after Goto and van de Geijn 2008, "Anatomy of High-Performance Matrix Multiplication": op(b) lies in panels as
/// wide as a tile of registers, laid out so once a step; a tile of c is summed along rows of a and down a panel. Other
/// products, and such as are too narrow for tiles, go to BLAS, which is as fast where a layout serves one product
/// alone.
///
/// @param parameters  all of a ParameterStore
/// @return none where there is no kernel
[[nodiscard]] std::unique_ptr<Products> make_packed_products(const TensorView& parameters);

}  // namespace saccade
