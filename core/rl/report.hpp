#pragma once

#include <string>
#include <utility>
#include <vector>

namespace saccade::rl {

/// Names and numbers, in an order that matters to the reader.
using Report = std::vector<std::pair<std::string, double>>;

}  // namespace saccade::rl
