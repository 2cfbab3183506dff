#pragma once
#include <bijou/core/lane_vector.hpp>

namespace bijou {
/// m ? a : b, lane by lane; what is not chosen has no influence, NaN included.
template <class T, int N>
BIJOU_INLINE Lanes<T, N> select(Mask<T, N> m, Lanes<T, N> a, std::type_identity_t<Lanes<T, N>> b) {
#if defined(__AVX512F__)
  // A choice between vectors, m ? a : b, can crash g++ 12 (docs/rationale.md).
  if constexpr (lanes::in_mask_register<T, N> && std::is_same_v<T, float>)
    return Lanes<T, N>::of(_mm512_mask_blend_ps(m.m, b.v, a.v));
  else if constexpr (lanes::in_mask_register<T, N>)
    return Lanes<T, N>::of(_mm512_mask_blend_pd(m.m, b.v, a.v));
  else
#endif
    return Lanes<T, N>::of(m.m ? a.v : b.v);
}
template <class T, int N>
BIJOU_INLINE Lanes<T, N> select(Mask<T, N> m, std::type_identity_t<T> a, std::type_identity_t<Lanes<T, N>> b) {
  return select(m, Lanes<T, N>(a), b);
}
template <class T, int N>
BIJOU_INLINE bool any(Mask<T, N> m) {
  if constexpr (N == 1 || lanes::in_mask_register<T, N>) return m.m != 0;
#if defined(__AVX__)
  else if constexpr (sizeof(m.m) == 32)
    return !_mm256_testz_si256(__m256i(m.m), __m256i(m.m));
#endif
  else {
    auto folded = m.m[0];
    for (int i = 1; i < N; ++i) folded |= m.m[i];
    return folded != 0;
  }
}
/// Bit i: lane i.
template <class T, int N>
BIJOU_INLINE unsigned bits(Mask<T, N> m) {
  if constexpr (N == 1)
    return m.m != 0;
  else if constexpr (lanes::in_mask_register<T, N>)
    return m.m;
#if defined(__AVX__)
  else if constexpr (sizeof(m.m) == 32 && sizeof(T) == 4)
    return unsigned(_mm256_movemask_ps(__m256(m.m)));
  else if constexpr (sizeof(m.m) == 32)
    return unsigned(_mm256_movemask_pd(__m256d(m.m)));
#endif
  else {
    unsigned set = 0;
    for (int i = 0; i < N; ++i) set |= unsigned(m.m[i] & 1) << i;
    return set;
  }
}
template <class T, int N>
BIJOU_INLINE bool all(Mask<T, N> m) {
  return !any(~m);
}

/// smaller: a < b ? a : b, larger: a > b ? a : b. The machine's own minimum and maximum: b if either is NaN.
#if defined(__AVX512F__)
#define BIJOU_EXTREME(name, op, machine)                           \
  template <class V>                                               \
  BIJOU_INLINE V name(V a, V b) {                                  \
    if constexpr (std::is_same_v<V, Lanes<float, 16>>)             \
      return V::of(_mm512_maskz_##machine##_ps(0xffff, a.v, b.v)); \
    else if constexpr (std::is_same_v<V, Lanes<double, 8>>)        \
      return V::of(_mm512_maskz_##machine##_pd(0xff, a.v, b.v));   \
    else                                                           \
      return select(a op b, a, b);                                 \
  }
#else
#define BIJOU_EXTREME(name, op, machine) \
  template <class V>                     \
  BIJOU_INLINE V name(V a, V b) {        \
    return select(a op b, a, b);         \
  }
#endif
BIJOU_EXTREME(smaller, <, min)
BIJOU_EXTREME(larger, >, max)
#undef BIJOU_EXTREME
/// The smaller and the larger; NaN in either is NaN out (unlike the machine's own instructions).
template <class T, int N>
BIJOU_INLINE Lanes<T, N> min(Lanes<T, N> a, std::type_identity_t<Lanes<T, N>> b) {
  return select((a < b) | (a != a), a, b);
}
template <class T, int N>
BIJOU_INLINE Lanes<T, N> max(Lanes<T, N> a, std::type_identity_t<Lanes<T, N>> b) {
  return select((a > b) | (a != a), a, b);
}
template <class T, int N>
BIJOU_INLINE Mask<T, N> is_nan(Lanes<T, N> a) {
  return a != a;
}
}  // namespace bijou
