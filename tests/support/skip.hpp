#pragma once

#include <string>

namespace saccade::tests {

/// Why all tests of an executable are skipped; empty to run them. Executables that need something which may be missing,
/// such as a data set, define their own.
[[nodiscard]] std::string reason_to_skip();

/// For a single test: says why it is skipped, by which ctest counts it as skipped.  if (skipped(reason)) return;
/// @return whether there is a reason
[[nodiscard]] bool skipped(const std::string& reason);

}  // namespace saccade::tests
