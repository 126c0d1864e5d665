#include "tests/support/skip.hpp"

#include "tests/support/catch.hpp"

namespace saccade::tests {

/// Weak, so that an executable's own definition replaces it.
[[gnu::weak]] std::string reason_to_skip() { return {}; }

bool skipped(const std::string& reason) {
  if (!reason.empty()) WARN("skipped: " << reason);
  return !reason.empty();
}

}  // namespace saccade::tests
