#pragma once

#if defined(__SSE__)
#include <xmmintrin.h>
#endif

namespace saccade::parallel {

/// While it lives, its thread takes numbers too small to be normal (below 1.2e-38 in float, 2.2e-308 in double) for 0,
/// as operands and as results. Some CPUs take many times as long for such a number, and training makes many: the
/// mean gradient of a weight that no longer matters decays through them. Does nothing on CPUs other than x86.
class FlushToZero {
 public:
  FlushToZero() { set(before_ | flush_results | flush_operands); }
  FlushToZero(const FlushToZero&) = delete;
  FlushToZero& operator=(const FlushToZero&) = delete;
  ~FlushToZero() { set(before_); }

 private:
  static constexpr unsigned flush_results = 0x8000;   // FTZ
  static constexpr unsigned flush_operands = 0x0040;  // DAZ

#if defined(__SSE__)
  static unsigned get() { return _mm_getcsr(); }
  static void set(unsigned mode) { _mm_setcsr(mode); }
#else
  static unsigned get() { return 0; }
  static void set(unsigned) {}
#endif

  unsigned before_ = get();
};

}  // namespace saccade::parallel
