#pragma once
#include <concepts>
#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>
#if defined(__AVX512F__) || defined(__AVX__)
#include <immintrin.h>
#endif

#include <bijou/core/lane_mask.hpp>
#include <bijou/core/partial_register.hpp>

namespace bijou {
namespace lanes {
/// A product that no compiler fuses with a sum: it would in one place and not in another, and the bits would depend on
/// the code around it. What is to be fused says so.
template <class T, class Vector>
BIJOU_INLINE Vector rounded(Vector product) {
  if constexpr (!std::is_same_v<T, long double> && sizeof(Vector) <= vector_bytes) {
#if defined(__x86_64__) && defined(__FMA__)
    asm("" : "+v"(product));
#elif defined(__aarch64__)
    asm("" : "+w"(product));
#elif defined(__FP_FAST_FMA) && !defined(__x86_64__)
    volatile Vector kept = product;
    product = kept;
#endif
  }
  return product;
}
}  // namespace lanes

#if defined(__AVX512F__)
#define BIJOU_COMPARISON(op, predicate)                                      \
  friend BIJOU_INLINE Mask<T, N> operator op(Lanes a, Lanes b) {             \
    if constexpr (lanes::in_mask_register<T, N> && std::is_same_v<T, float>) \
      return {_mm512_cmp_ps_mask(a.v, b.v, predicate)};                      \
    else if constexpr (lanes::in_mask_register<T, N>)                        \
      return {_mm512_cmp_pd_mask(a.v, b.v, predicate)};                      \
    else                                                                     \
      return {a.v op b.v};                                                   \
  }
#else
#define BIJOU_COMPARISON(op, predicate) \
  friend BIJOU_INLINE Mask<T, N> operator op(Lanes a, Lanes b) { return {a.v op b.v}; }
#endif
/// N numbers that are worked on at once. Arithmetic and comparisons are lane by lane, with the same roundings in every
/// lane: a row's value does not depend on its neighbours. Written with the vector types of GCC and Clang.
/// Every function on lanes answers as if called on each lane alone.
template <class T, int N = lanes::native<T>>
struct Lanes {
  using Scalar = T;
  using Vector = typename lanes::VectorOf<T, N>::type;
  using Bits = typename lanes::VectorOf<typename lanes::BitsOf<T>::type, N>::type;
  static constexpr int size = N;
  Vector v;

  Lanes() = default;
  template <std::convertible_to<T> S>
  requires std::is_arithmetic_v<S> BIJOU_INLINE Lanes(S x)
      : v(static_cast<T>(x) - Vector{}) {}  // x - 0 is x; 0 + x is not, for -0
  BIJOU_INLINE static Lanes of(Vector v) {
    Lanes r;
    r.v = v;
    return r;
  }

  BIJOU_INLINE static Lanes load(const T* p) {
    Lanes r;
    std::memcpy(&r.v, p, sizeof(Vector));
    return r;
  }
  /// The first n numbers of p; the other lanes repeat the first, so that they are as harmless as a real row.
  BIJOU_INLINE static Lanes load(const T* p, int n) {
    if (n == N) return load(p);
    if (n == 1) return Lanes(*p);
    return load(p, n, Lanes(*p));
  }
  /// The first n numbers of p, the other lanes from `rest`.
  BIJOU_INLINE static Lanes load(const T* p, int n, Lanes rest) {
    if (n == N) return load(p);
    return of(lanes::load_first<T, N>(rest.v, p, n));
  }
  BIJOU_INLINE void store(T* p) const { std::memcpy(p, &v, sizeof(Vector)); }
  BIJOU_INLINE void store(T* p, int n) const {
    if (n == N) return store(p);
    if (n == 1) {
      *p = (*this)[0];
      return;
    }
    lanes::store_first<T, N>(v, p, n);
  }
  BIJOU_INLINE T operator[](int i) const {
    if constexpr (N == 1)
      return v;
    else
      return v[i];
  }
  BIJOU_INLINE void set(int i, T x) {
    if constexpr (N == 1)
      v = x;
    else
      v[i] = x;
  }

  friend BIJOU_INLINE Lanes operator+(Lanes a, Lanes b) { return of(a.v + b.v); }
  friend BIJOU_INLINE Lanes operator-(Lanes a, Lanes b) { return of(a.v - b.v); }
  friend BIJOU_INLINE Lanes operator*(Lanes a, Lanes b) { return of(lanes::rounded<T>(a.v * b.v)); }
  friend BIJOU_INLINE Lanes operator/(Lanes a, Lanes b) { return of(a.v / b.v); }
  friend BIJOU_INLINE Lanes operator-(Lanes a) { return of(-a.v); }
  BIJOU_INLINE Lanes& operator+=(Lanes b) { return v += b.v, *this; }
  BIJOU_INLINE Lanes& operator-=(Lanes b) { return v -= b.v, *this; }
  BIJOU_INLINE Lanes& operator*=(Lanes b) { return *this = *this * b; }
  BIJOU_INLINE Lanes& operator/=(Lanes b) { return v /= b.v, *this; }

  BIJOU_COMPARISON(<, _CMP_LT_OS)
  BIJOU_COMPARISON(<=, _CMP_LE_OS)
  BIJOU_COMPARISON(>, _CMP_GT_OS)
  BIJOU_COMPARISON(>=, _CMP_GE_OS)
  BIJOU_COMPARISON(==, _CMP_EQ_OQ)
  BIJOU_COMPARISON(!=, _CMP_NEQ_UQ)
};
#undef BIJOU_COMPARISON
}  // namespace bijou
