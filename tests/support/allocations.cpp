#include "tests/support/allocations.hpp"

#include <cerrno>
#include <cstdlib>
#include <new>

namespace {

thread_local std::size_t count = 0;

}  // namespace

namespace saccade::tests {

std::size_t allocations() { return count; }

}  // namespace saccade::tests

#ifndef __SANITIZE_ADDRESS__

namespace {

void* counted(std::size_t size, std::size_t alignment) {
  ++count;
  const std::size_t rounded = (size + alignment - 1) / alignment * alignment;
  void* memory = std::aligned_alloc(alignment, rounded == 0 ? alignment : rounded);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

}  // namespace

#ifndef __clang_analyzer__  // clang-tidy wants the names that the C library gives the parameters
// What aligned tensors come from.
extern "C" int posix_memalign(void** memory, std::size_t alignment, std::size_t size) noexcept {
  ++count;
  *memory = std::aligned_alloc(alignment, size);
  return *memory == nullptr ? ENOMEM : 0;
}
#endif

// The other forms (arrays, nothrow, sized) end in these.
void* operator new(std::size_t size) { return counted(size, __STDCPP_DEFAULT_NEW_ALIGNMENT__); }
void* operator new(std::size_t size, std::align_val_t alignment) {
  return counted(size, static_cast<std::size_t>(alignment));
}
// NOLINTBEGIN(cppcoreguidelines-no-malloc): what new and delete are made of
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
// NOLINTEND(cppcoreguidelines-no-malloc)

#endif
