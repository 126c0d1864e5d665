#include "core/nn/sizes.hpp"

#include <fmt/format.h>

#include <cmath>

#include "core/errors.hpp"

namespace saccade::nn {

double bound_for(std::string_view module, std::size_t fan_in, std::size_t out) {
  if (fan_in == 0 || out == 0) {
    throw ArgumentError(fmt::format("{}: sizes must be at least 1, got {} inputs and {} outputs", module, fan_in, out));
  }
  return 1.0 / std::sqrt(static_cast<double>(fan_in));
}

}  // namespace saccade::nn
