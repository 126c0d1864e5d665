#pragma once

#include <memory>
#include <optional>
#include <string>

#include "core/tensor/gemm.hpp"

namespace saccade {

/// Version and instructions, such as "2.6.3 avx512_core_amx"; none where the build has no oneDNN (SACCADE_ONEDNN) or
/// Real is double.
[[nodiscard]] std::optional<std::string> one_dnn_version();

}  // namespace saccade
