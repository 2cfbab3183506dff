#pragma once
#include <bit>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>
#if defined(__AVX512F__) || defined(__AVX__)
#include <immintrin.h>
#endif
#include <cmath>

#include <bijou/core/lane_mask.hpp>
#include <bijou/core/partial_register.hpp>

namespace bijou {
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
  friend BIJOU_INLINE Lanes operator*(Lanes a, Lanes b) { return of(a.v * b.v); }
  friend BIJOU_INLINE Lanes operator/(Lanes a, Lanes b) { return of(a.v / b.v); }
  friend BIJOU_INLINE Lanes operator-(Lanes a) { return of(-a.v); }
  BIJOU_INLINE Lanes& operator+=(Lanes b) { return v += b.v, *this; }
  BIJOU_INLINE Lanes& operator-=(Lanes b) { return v -= b.v, *this; }
  BIJOU_INLINE Lanes& operator*=(Lanes b) { return v *= b.v, *this; }
  BIJOU_INLINE Lanes& operator/=(Lanes b) { return v /= b.v, *this; }

  friend BIJOU_INLINE Mask<T, N> operator<(Lanes a, Lanes b) { return {a.v < b.v}; }
  friend BIJOU_INLINE Mask<T, N> operator<=(Lanes a, Lanes b) { return {a.v <= b.v}; }
  friend BIJOU_INLINE Mask<T, N> operator>(Lanes a, Lanes b) { return {a.v > b.v}; }
  friend BIJOU_INLINE Mask<T, N> operator>=(Lanes a, Lanes b) { return {a.v >= b.v}; }
  friend BIJOU_INLINE Mask<T, N> operator==(Lanes a, Lanes b) { return {a.v == b.v}; }
  friend BIJOU_INLINE Mask<T, N> operator!=(Lanes a, Lanes b) { return {a.v != b.v}; }
};

/// m ? a : b, lane by lane; what is not chosen has no influence, NaN included.
template <class T, int N>
BIJOU_INLINE Lanes<T, N> select(Mask<T, N> m, Lanes<T, N> a, std::type_identity_t<Lanes<T, N>> b) {
  return Lanes<T, N>::of(m.m ? a.v : b.v);
}
template <class T, int N>
BIJOU_INLINE Lanes<T, N> select(Mask<T, N> m, std::type_identity_t<T> a, std::type_identity_t<Lanes<T, N>> b) {
  return select(m, Lanes<T, N>(a), b);
}
template <class T, int N>
BIJOU_INLINE bool any(Mask<T, N> m) {
  if constexpr (N == 1) return bool(m.m);
#if defined(__AVX512F__)
  else if constexpr (sizeof(m.m) == 64)
    return _mm512_test_epi32_mask(__m512i(m.m), __m512i(m.m)) != 0;
#endif
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
template <class T, int N>
BIJOU_INLINE bool all(Mask<T, N> m) {
  return !any(~m);
}

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
/// a b + c: fused, with one rounding, wherever the target has the instruction, and then at every width. (Left to the
/// compiler, contraction depends on the loop around it: GCC tuned for Zen avoids it in chains of narrow vectors.)
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
/// Sum of the first n lanes, first to last.
template <class T, int N>
BIJOU_INLINE T sum(Lanes<T, N> a, int n) {
  T total = a[0];
  for (int i = 1; i < n; ++i) total += a[i];
  return total;
}
/// op of all lanes, half of them with the other half until M are left.
template <int M, class T, int N>
BIJOU_INLINE Lanes<T, M> fold(Lanes<T, N> a, auto op) {
  if constexpr (N == M)
    return a;
  else {
    using Half = Lanes<T, N / 2>;
    typename Half::Vector half[2];
    std::memcpy(half, &a.v, sizeof(half));
    return fold<M>(op(Half::of(half[0]), Half::of(half[1])), op);
  }
}
template <class T, int N>
BIJOU_INLINE T sum(Lanes<T, N> a) {
  return fold<1>(a, [](auto x, auto y) { return x + y; }).v;
}
/// f of every lane by a call per lane, for functions off the hot path.
template <class T, int N>
Lanes<T, N> each_lane(Lanes<T, N> a, auto f) {
  for (int i = 0; i < N; ++i) a.set(i, f(a[i]));
  return a;
}
/// visit(first, count) for 0 .. n cut into panels of one vector register; the last may be shorter.
template <class T>
BIJOU_INLINE void each_panel(std::ptrdiff_t n, auto&& visit) {
  constexpr int size = Lanes<T>::size;
  std::ptrdiff_t i = 0;
  for (; i + size <= n; i += size) visit(i, size);
  if (i < n) visit(i, static_cast<int>(n - i));
}
}  // namespace bijou
