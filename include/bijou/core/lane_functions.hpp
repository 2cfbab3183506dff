#pragma once
#include <bit>
#include <cmath>

#include <bijou/core/lane_vector.hpp>

namespace bijou {
/// The lanes' bits as signed integers of the same size (float and double), and back.
template <class T, int N>
BIJOU_INLINE auto to_bits(Lanes<T, N> a) {
  return std::bit_cast<typename Lanes<T, N>::Bits>(a.v);
}
template <class T, int N>
BIJOU_INLINE Lanes<T, N> from_bits(typename Lanes<T, N>::Bits b) {
  return Lanes<T, N>::of(std::bit_cast<typename Lanes<T, N>::Vector>(b));
}
template <class T, int N>
BIJOU_INLINE Lanes<T, N> abs(Lanes<T, N> a) {
  if constexpr (N == 1)
    return Lanes<T, N>::of(std::abs(a.v));
  else
    return from_bits<T, N>(to_bits(a) & std::numeric_limits<typename lanes::BitsOf<T>::type>::max());
}
/// |a| with the sign of b.
template <class T, int N>
BIJOU_INLINE Lanes<T, N> copysign(Lanes<T, N> a, Lanes<T, N> b) {
  if constexpr (N == 1)
    return Lanes<T, N>::of(std::copysign(a.v, b.v));
  else {
    constexpr auto rest = std::numeric_limits<typename lanes::BitsOf<T>::type>::max();
    return from_bits<T, N>((to_bits(a) & rest) | (to_bits(b) & ~rest));
  }
}
template <class T, int N>
BIJOU_INLINE Lanes<T, N> sqrt(Lanes<T, N> a) {
  if constexpr (N == 1) return Lanes<T, N>::of(std::sqrt(a.v));
#if defined(__AVX512F__)
  else if constexpr (sizeof(a.v) == 64 && std::is_same_v<T, float>)
    return Lanes<T, N>::of(_mm512_maskz_sqrt_ps(0xffff, a.v));
  else if constexpr (sizeof(a.v) == 64 && std::is_same_v<T, double>)
    return Lanes<T, N>::of(_mm512_maskz_sqrt_pd(0xff, a.v));
#elif defined(__AVX__)
  else if constexpr (sizeof(a.v) == 32 && std::is_same_v<T, float>)
    return Lanes<T, N>::of(_mm256_sqrt_ps(a.v));
  else if constexpr (sizeof(a.v) == 32 && std::is_same_v<T, double>)
    return Lanes<T, N>::of(_mm256_sqrt_pd(a.v));
#endif
  else {
    for (int i = 0; i < N; ++i) a.v[i] = std::sqrt(a.v[i]);
    return a;
  }
}
/// a b + c: fused, with one rounding, wherever the target has the instruction, and then at every width.
template <class T, int N>
BIJOU_INLINE Lanes<T, N> fused(Lanes<T, N> a, Lanes<T, N> b, Lanes<T, N> c) {
#if defined(__FMA__)
  if constexpr (N == 1 && !std::is_same_v<T, long double>) return Lanes<T, N>::of(std::fma(a.v, b.v, c.v));
#define BIJOU_FUSED(bytes, type, instruction)         \
  else if constexpr (sizeof(a.v) == bytes && N > 1 && \
                     std::is_same_v<T, type>) return Lanes<T, N>::of(instruction(a.v, b.v, c.v));
#if defined(__AVX512F__)
  BIJOU_FUSED(64, float, _mm512_fmadd_ps)
  BIJOU_FUSED(64, double, _mm512_fmadd_pd)
#endif
  BIJOU_FUSED(32, float, _mm256_fmadd_ps)
  BIJOU_FUSED(32, double, _mm256_fmadd_pd)
  BIJOU_FUSED(16, float, _mm_fmadd_ps)
  BIJOU_FUSED(16, double, _mm_fmadd_pd)
#undef BIJOU_FUSED
  else
#elif defined(__ARM_FEATURE_FMA)
  if constexpr (!std::is_same_v<T, long double>) {
    for (int i = 0; i < N; ++i) c.set(i, std::fma(a[i], b[i], c[i]));
    return c;
  } else
#endif
          return a *
          b +
      c;
}
}  // namespace bijou
