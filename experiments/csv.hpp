#pragma once

#include <string>
#include <vector>

namespace saccade::experiments {

/// One line of comma-separated values (RFC 4180), with its end; cells with commas, quotes or line ends are quoted.
[[nodiscard]] std::string csv_line(const std::vector<std::string>& cells);

}  // namespace saccade::experiments
