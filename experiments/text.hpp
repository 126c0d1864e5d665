#pragma once

#include <optional>
#include <string>

namespace saccade::experiments {

/// The finite number that a text is, from its first to its last character; nothing if it is none.
[[nodiscard]] std::optional<double> number_in(const std::string& text);

}  // namespace saccade::experiments
