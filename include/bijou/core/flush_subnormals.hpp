#pragma once
#if defined(__SSE2__)
#include <xmmintrin.h>
#endif

namespace bijou {
/// While it lives, results of this thread that are too small for a normal number become 0 (with SSE2; elsewhere nothing
/// changes). Adjoints and an optimiser's moments fade away to such numbers, over which processors stumble.
class FlushSubnormals {
 public:
  FlushSubnormals(const FlushSubnormals&) = delete;
  FlushSubnormals& operator=(const FlushSubnormals&) = delete;
#if defined(__SSE2__)
  FlushSubnormals() : before_(_mm_getcsr()) { _mm_setcsr(before_ | _MM_FLUSH_ZERO_ON); }
  ~FlushSubnormals() { _mm_setcsr(before_); }

 private:
  unsigned before_;
#else
  FlushSubnormals() {}
  ~FlushSubnormals() {}
#endif
};
}  // namespace bijou
