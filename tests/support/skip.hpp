#pragma once

#include <string>

namespace saccade::tests {

/// Why all tests of an executable are skipped; empty to run them. Executables that need something which may be missing,
/// such as a data set, define their own.
[[nodiscard]] std::string reason_to_skip();

}  // namespace saccade::tests
