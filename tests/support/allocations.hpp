#pragma once

#include <cstddef>

namespace saccade::tests {

/// How often this thread has asked the heap for memory through operator new or posix_memalign. Always 0 under
/// AddressSanitizer, which has an operator new of its own.
[[nodiscard]] std::size_t allocations();

}  // namespace saccade::tests
