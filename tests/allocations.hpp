#pragma once
// Counts calls of operator new, and of Eigen's own allocator, in the program that includes it (once).
#include <atomic>
#include <cstdlib>
#include <new>

namespace bijou::test {
inline std::atomic<long> allocations{0};
}
[[gnu::noinline]] void* operator new(std::size_t n) {
  ++bijou::test::allocations;
  if (void* p = std::malloc(n)) return p;
  throw std::bad_alloc{};
}
[[gnu::noinline]] void* operator new(std::size_t n, const std::nothrow_t&) noexcept {
  ++bijou::test::allocations;
  return std::malloc(n);
}
[[gnu::noinline]] void* operator new(std::size_t n, std::align_val_t a) {
  ++bijou::test::allocations;
  if (void* p = std::aligned_alloc(std::size_t(a), (n + std::size_t(a) - 1) / std::size_t(a) * std::size_t(a)))
    return p;
  throw std::bad_alloc{};
}
[[gnu::noinline]] void operator delete(void* p) noexcept { std::free(p); }
[[gnu::noinline]] void operator delete(void* p, std::size_t) noexcept { std::free(p); }
[[gnu::noinline]] void operator delete(void* p, std::align_val_t) noexcept { std::free(p); }
[[gnu::noinline]] void operator delete(void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }
