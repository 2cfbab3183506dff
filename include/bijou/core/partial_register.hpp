#pragma once
#include <cstring>
#include <type_traits>
#include <utility>
#if defined(__AVX__)
#include <immintrin.h>
#endif

#include <bijou/core/vector_register.hpp>

namespace bijou::lanes {
#if defined(__AVX__)
/// All bits of the first n of N lanes, as AVX's masked moves want them.
template <class Int, int N>
BIJOU_INLINE __m256i first_lanes(int n) {
  using Bits [[gnu::vector_size(32)]] = Int;
  const Bits index = [&]<int... I>(std::integer_sequence<int, I...>) { return Bits{I...}; }
  (std::make_integer_sequence<int, N>{});
  return reinterpret_cast<__m256i>(index < static_cast<Int>(n) + Bits{});
}
#endif
/// v with its first n lanes from p; nothing behind them is read.
template <class T, int N, class Vector>
BIJOU_INLINE Vector load_first(Vector v, const T* p, int n) {
#if defined(__AVX512F__)
  if constexpr (sizeof(v) == 64 && std::is_same_v<T, float>)
    return Vector(_mm512_mask_loadu_ps(v, static_cast<__mmask16>((1u << n) - 1), p));
  else if constexpr (sizeof(v) == 64 && std::is_same_v<T, double>)
    return Vector(_mm512_mask_loadu_pd(v, static_cast<__mmask8>((1u << n) - 1), p));
  else
#endif
#if defined(__AVX__)
      if constexpr (sizeof(v) == 32 && std::is_same_v<T, float>) {
    const auto m = first_lanes<std::int32_t, N>(n);
    return Vector(_mm256_blendv_ps(v, _mm256_maskload_ps(p, m), _mm256_castsi256_ps(m)));
  } else if constexpr (sizeof(v) == 32 && std::is_same_v<T, double>) {
    const auto m = first_lanes<std::int64_t, N>(n);
    return Vector(_mm256_blendv_pd(v, _mm256_maskload_pd(p, m), _mm256_castsi256_pd(m)));
  } else
#endif
  {
    std::memcpy(&v, p, static_cast<std::size_t>(n) * sizeof(T));
    return v;
  }
}
/// The first n lanes of v to p.
template <class T, int N, class Vector>
BIJOU_INLINE void store_first(Vector v, T* p, int n) {
#if defined(__AVX512F__)
  if constexpr (sizeof(v) == 64 && std::is_same_v<T, float>)
    _mm512_mask_storeu_ps(p, static_cast<__mmask16>((1u << n) - 1), v);
  else if constexpr (sizeof(v) == 64 && std::is_same_v<T, double>)
    _mm512_mask_storeu_pd(p, static_cast<__mmask8>((1u << n) - 1), v);
  else
#endif
#if defined(__AVX__)
      if constexpr (sizeof(v) == 32 && std::is_same_v<T, float>)
    _mm256_maskstore_ps(p, first_lanes<std::int32_t, N>(n), v);
  else if constexpr (sizeof(v) == 32 && std::is_same_v<T, double>)
    _mm256_maskstore_pd(p, first_lanes<std::int64_t, N>(n), v);
  else
#endif
    std::memcpy(p, &v, static_cast<std::size_t>(n) * sizeof(T));
}
}  // namespace bijou::lanes
