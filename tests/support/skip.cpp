#include "tests/support/skip.hpp"

namespace saccade::tests {

/// Weak, so that an executable's own definition replaces it.
[[gnu::weak]] std::string reason_to_skip() { return {}; }

}  // namespace saccade::tests
