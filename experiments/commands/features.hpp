#pragma once

#include <CLI/CLI.hpp>

namespace saccade::commands {

/// `saccade data features`.
void add_features(CLI::App& data);

}  // namespace saccade::commands
