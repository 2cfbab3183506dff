#pragma once
// Counts calls of operator new, and the bytes asked for, in the program that includes it (once). Eigen's own allocator
// is not among them: EIGEN_RUNTIME_NO_MALLOC can forbid it.
#include <atomic>
#include <cstdlib>
#include <new>

namespace bijou::test {
inline std::atomic<long> allocations{0}, allocated_bytes{0};
inline void count(std::size_t n) {
  ++allocations;
  allocated_bytes += long(n);
}
}  // namespace bijou::test
[[gnu::noinline]] void* operator new(std::size_t n) {
  bijou::test::count(n);
  if (void* p = std::malloc(n)) return p;
  throw std::bad_alloc{};
}
[[gnu::noinline]] void* operator new(std::size_t n, const std::nothrow_t&) noexcept {
  bijou::test::count(n);
  return std::malloc(n);
}
[[gnu::noinline]] void* operator new(std::size_t n, std::align_val_t a) {
  bijou::test::count(n);
  if (void* p = std::aligned_alloc(std::size_t(a), (n + std::size_t(a) - 1) / std::size_t(a) * std::size_t(a)))
    return p;
  throw std::bad_alloc{};
}
[[gnu::noinline]] void operator delete(void* p) noexcept { std::free(p); }
[[gnu::noinline]] void operator delete(void* p, std::size_t) noexcept { std::free(p); }
[[gnu::noinline]] void operator delete(void* p, std::align_val_t) noexcept { std::free(p); }
[[gnu::noinline]] void operator delete(void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }
