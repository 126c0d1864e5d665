#pragma once

#include <cstddef>
#include <string_view>

namespace saccade::nn {

/// 1 / sqrt(fan_in), the usual bound of a layer's initial values.
/// @throws ArgumentError  naming the module if a size is 0
[[nodiscard]] double bound_for(std::string_view module, std::size_t fan_in, std::size_t out);

}  // namespace saccade::nn
