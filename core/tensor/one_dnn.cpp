#include "core/tensor/one_dnn.hpp"

namespace saccade {

std::optional<std::string> one_dnn_version() { return std::nullopt; }

}  // namespace saccade
