#pragma once
#if __cplusplus < 202002L
#error "bijou is written in C++20: compile with -std=c++20"
#endif
#include <cstdint>
#include <type_traits>

namespace bijou {
/// Bytes of the target's vector registers. A width too large for the target is many times slower.
#if defined(__AVX512F__)
inline constexpr int vector_bytes = 64;
#elif defined(__AVX__)
inline constexpr int vector_bytes = 32;
#else
inline constexpr int vector_bytes = 16;
#endif
// Tests at -O0 take plain inline: they compile sooner, and coverage counts a function once.
#ifndef BIJOU_INLINE
#define BIJOU_INLINE inline __attribute__((always_inline))
#endif

namespace lanes {
template <class T, int N>
struct VectorOf {
  typedef T type __attribute__((vector_size(N * sizeof(T))));
};
template <class T>
struct VectorOf<T, 1> {
  using type = T;
};
/// The signed integer of T's size, where lanes of T have one.
template <class T>
struct BitsOf {
  using type = bool;
};
template <>
struct BitsOf<float> {
  using type = std::int32_t;
};
template <>
struct BitsOf<double> {
  using type = std::int64_t;
};
/// Lanes of T in N numbers: a vector register of float or double, one long double.
template <class T>
inline constexpr int native = std::is_same_v<T, float> || std::is_same_v<T, double> ? vector_bytes / int(sizeof(T)) : 1;
}  // namespace lanes
}  // namespace bijou
