#include "core/tensor/precision.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "core/errors.hpp"
#include "core/tensor/one_dnn.hpp"
#include "core/tensor/packed_products.hpp"

namespace saccade {
namespace {

// In the order of the enumeration.
constexpr std::array<std::string_view, 3> names{"float32", "bfloat16", "bfloat16_emulated"};

constexpr std::string_view advice = "bfloat16_emulated gives the same numbers on any CPU, without the speed";

}  // namespace

std::span<const std::string_view> precision_names() { return names; }

std::string_view name(Precision precision) { return names.at(static_cast<std::size_t>(precision)); }

Precision precision_of(std::string_view name) {
  const auto* found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) {
    throw ArgumentError(fmt::format("precision_of: expected one of {}, got {}", fmt::join(names, ", "), name));
  }
  return static_cast<Precision>(found - names.begin());
}

ProductSupport product_support() { return {one_dnn_version().has_value(), cpu_features()}; }

std::string reason_against(Precision precision, const ProductSupport& support) {
  if (precision != Precision::bfloat16) return {};
  if (!support.one_dnn) {
    return fmt::format(
        "bfloat16 needs oneDNN, which this build lacks (Debian: libdnnl-dev; CMake: SACCADE_ONEDNN=ON); {}", advice);
  }
  if (!support.cpu.avx512) {
    return fmt::format("bfloat16 needs AVX-512 (avx512_core) or AMX, which this CPU lacks; {}", advice);
  }
  return {};
}

Precision nearest_to(Precision precision, const ProductSupport& support) {
  return reason_against(precision, support).empty() ? precision : Precision::bfloat16_emulated;
}

std::string products_by(Precision precision) {
  switch (precision) {
    case Precision::float32: break;
    case Precision::bfloat16: return fmt::format("oneDNN {}", one_dnn_version().value_or("missing"));
    case Precision::bfloat16_emulated: return "OpenBLAS on operands rounded to bfloat16";
  }
  const std::optional<std::string> kernel = packed_kernel();
  return kernel ? fmt::format("OpenBLAS, those of parameters by Saccade ({})", *kernel) : "OpenBLAS";
}

}  // namespace saccade
