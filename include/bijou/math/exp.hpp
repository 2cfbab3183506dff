#pragma once
#include <numbers>

#include <bijou/math/polynomial.hpp>

namespace bijou {
namespace lanes {
/// 2^n for whole n, as a product of two powers so that the ends of the range are reached without a wrong exponent
/// field.
template <class T, int N>
BIJOU_INLINE Lanes<T, N> scale_by_power_of_two(Lanes<T, N> x, Lanes<T, N> n) {
  using V = Lanes<T, N>;
  using Bits = typename V::Bits;
  constexpr int mantissa = std::numeric_limits<T>::digits - 1, bias = std::numeric_limits<T>::max_exponent - 1;
#if defined(__AVX512F__)
  if constexpr (sizeof(x.v) == 64 && std::is_same_v<T, float>) return V::of(_mm512_maskz_scalef_ps(0xffff, x.v, n.v));
  if constexpr (sizeof(x.v) == 64 && std::is_same_v<T, double>) return V::of(_mm512_maskz_scalef_pd(0xff, x.v, n.v));
#endif
  // NaN has no integer that it becomes; a bound in its place, and x or what is made of the power is NaN as well.
  const V whole = larger(n, V(-2 * std::numeric_limits<T>::max_exponent));
  const Bits k = __builtin_convertvector(whole.v, Bits), half = k >> 1, rest = k - half;
  return x * from_bits<T, N>((half + bias) << mantissa) * from_bits<T, N>((rest + bias) << mantissa);
}
/// The smaller of x and `high`, NaN if x is.
template <class T, int N>
BIJOU_INLINE Lanes<T, N> at_most(Lanes<T, N> x, T high) {
  return smaller(Lanes<T, N>(high), x);
}
/// The larger of x and `low`, NaN if x is.
template <class T, int N>
BIJOU_INLINE Lanes<T, N> at_least(Lanes<T, N> x, T low) {
  return larger(Lanes<T, N>(low), x);
}
/// x to the nearest whole number, for |x| below 2^(digits - 2).
template <class T, int N>
BIJOU_INLINE Lanes<T, N> nearest(Lanes<T, N> x) {
  constexpr T shift = T(3) * T(std::int64_t{1} << (std::numeric_limits<T>::digits - 2));
  return (x + Lanes<T, N>(shift)) - Lanes<T, N>(shift);
}
/// e^x = 2^n e^r, |r| <= log(2) / 2: n and r. log 2 in two parts, the first short enough for n times it to be exact.
template <class T, int N>
BIJOU_INLINE void reduce_exponent(Lanes<T, N> x, Lanes<T, N>& n, Lanes<T, N>& r) {
  using V = Lanes<T, N>;
  constexpr bool single = std::is_same_v<T, float>;
  n = nearest(x * V(std::numbers::log2e_v<T>));
  r = fused(n, V(single ? T(-0.693359375) : T(-6.93145751953125e-1)), x);
  r = fused(n, V(single ? T(2.12194440054690582e-4) : T(-1.42860682030941723212e-6)), r);
}
/// (e^r - 1 - r) / r^2 for |r| <= log(2) / 2: Taylor's series, to 2^-26 (float) and 2^-55 (double).
template <class T, int N>
BIJOU_INLINE Lanes<T, N> exp_tail(Lanes<T, N> r) {
  if constexpr (std::is_same_v<T, float>)
    return even_and_odd(r, 1. / 2, 1. / 6, 1. / 24, 1. / 120, 1. / 720, 1. / 5040);
  else
    return even_and_odd(r, 1. / 2, 1. / 6, 1. / 24, 1. / 120, 1. / 720, 1. / 5040, 1. / 40320, 1. / 362880,
                        1. / 3628800, 1. / 39916800, 1. / 479001600, 1. / 6227020800);
}
/// 2^n e^r.
template <class T, int N>
BIJOU_INLINE Lanes<T, N> exp_of_reduced(Lanes<T, N> n, Lanes<T, N> r) {
  return scale_by_power_of_two(Lanes<T, N>(1) + fused(r * r, exp_tail(r), r), n);
}
}  // namespace lanes

/// e^x, <= 1 ulp (normal results); 0 at -inf, inf where it overflows, subnormal results to 1 smallest subnormal.
template <class T, int N>
BIJOU_INLINE Lanes<T, N> exp(Lanes<T, N> x) {
  using V = Lanes<T, N>;
  if constexpr (N == 1)
    return V::of(std::exp(x.v));
  else {
    constexpr T top = std::is_same_v<T, float> ? T(89) : T(710), bottom = std::is_same_v<T, float> ? T(-104) : T(-746);
    V n, r;
    lanes::reduce_exponent(lanes::at_least(lanes::at_most(x, top), bottom), n, r);
    return lanes::exp_of_reduced(n, r);
  }
}
/// e^x - 1, <= 3 ulp, also near 0; -1 at -inf.
template <class T, int N>
BIJOU_INLINE Lanes<T, N> expm1(Lanes<T, N> x) {
  using V = Lanes<T, N>;
  if constexpr (N == 1)
    return V::of(std::expm1(x.v));
  else {
    constexpr T top = std::is_same_v<T, float> ? T(89) : T(710), bottom = std::is_same_v<T, float> ? T(-18) : T(-38);
    V n, r;
    lanes::reduce_exponent(lanes::at_least(lanes::at_most(x, top), bottom), n, r);
    const V less = fused(r * r, lanes::exp_tail(r), r);  // e^r - 1
    // 2^n less + (2^n - 1), with 2^n halved where it would overflow
    const V large = lanes::scale_by_power_of_two(V(1), n - V(1)), y = fused(large, less, large - V(0.5)) * V(2);
    const V result = select(n == V(0), less, y);
    return select((x != x) | (x == V(0)), x, result);
  }
}
/// The same for x <= 0, where nothing overflows; 0 at -0.
template <class T, int N>
BIJOU_INLINE Lanes<T, N> expm1_of_negative(Lanes<T, N> x) {
  using V = Lanes<T, N>;
  if constexpr (N == 1)
    return V::of(std::expm1(x.v));
  else {
    V n, r;
    lanes::reduce_exponent(lanes::at_least(x, std::is_same_v<T, float> ? T(-18) : T(-38)), n, r);
    const V scale = lanes::scale_by_power_of_two(V(1), n);
    return fused(scale, fused(r * r, lanes::exp_tail(r), r), scale - V(1));
  }
}
}  // namespace bijou
