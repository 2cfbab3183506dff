#pragma once
#include <bijou/math/polynomial.hpp>

namespace bijou {
namespace lanes {
/// x = 2^e m with sqrt(1/2) <= m < sqrt(2), for normal x > 0.
template <class T, int N>
BIJOU_INLINE void split(Lanes<T, N> x, Lanes<T, N>& e, Lanes<T, N>& m) {
  using V = Lanes<T, N>;
  using Bits = typename V::Bits;
  constexpr int mantissa = std::numeric_limits<T>::digits - 1;
  using Integer = typename BitsOf<T>::type;
  constexpr Integer root = std::is_same_v<T, float> ? Integer(0x3f3504f3) : Integer(0x3fe6a09e667f3bcd);
  // Unsigned, for the lanes of a negative x, whose result is thrown away, wrap.
  using Unsigned = std::make_unsigned_t<Integer>;
  using Wrapping = typename VectorOf<Unsigned, N>::type;
  const Wrapping bits = std::bit_cast<Wrapping>(x.v);
  const Bits k = std::bit_cast<Bits>(bits - Unsigned(root)) >> mantissa;  // arithmetic shift: floor
  e = V::of(__builtin_convertvector(k, typename V::Vector));
  m = from_bits<T, N>(std::bit_cast<Bits>(bits - (std::bit_cast<Wrapping>(k) << mantissa)));
}
/// log(1 + f) + e log 2 with a correction c to 1 + f, sqrt(1/2) <= 1 + f < sqrt(2); s = f / (2 + f), log(1 + f) = 2
/// atanh s.
template <class T, int N>
BIJOU_INLINE Lanes<T, N> log_of_split(Lanes<T, N> e, Lanes<T, N> f, Lanes<T, N> correction) {
  using V = Lanes<T, N>;
  constexpr bool single = std::is_same_v<T, float>;
  const V s = f / (V(2) + f), z = s * s, half_square = V(0.5) * f * f;
  V series;  // 2 atanh(s) / s - 2 = 2 (z / 3 + z^2 / 5 + ...), |z| <= 0.0295
  if constexpr (single)
    series = z * horner(z, 2. / 3, 2. / 5, 2. / 7, 2. / 9, 2. / 11);
  else
    series = z * even_and_odd(z, 2. / 3, 2. / 5, 2. / 7, 2. / 9, 2. / 11, 2. / 13, 2. / 15, 2. / 17, 2. / 19, 2. / 21,
                              2. / 23);
  // log(1 + f) = f - (f^2/2 - s (f^2/2 + series)): the large parts are exact
  const V log2_high(single ? T(0.693359375) : T(6.93147180369123816490e-01)),
      log2_low(single ? T(-2.12194440054690582e-4) : T(1.90821492927058770002e-10));
  const V small = fused(s, half_square + series, fused(e, log2_low, correction));
  return fused(e, log2_high, f - (half_square - small));
}
}  // namespace lanes

/// Natural logarithm, <= 2 ulp over the whole range, subnormal numbers included; -inf at 0, NaN below.
template <class T, int N>
BIJOU_INLINE Lanes<T, N> log(Lanes<T, N> x) {
  using V = Lanes<T, N>;
  if constexpr (N == 1)
    return V::of(std::log(x.v));
  else {
    constexpr T tiny = std::numeric_limits<T>::min(), inf = std::numeric_limits<T>::infinity();
    constexpr int up = std::numeric_limits<T>::digits;
    const auto subnormal = x < V(tiny);
    const V normal = select(subnormal, x * V(T(std::int64_t{1} << up)), x);
    V e, m;
    lanes::split(normal, e, m);
    const V y = lanes::log_of_split(select(subnormal, e - V(up), e), m - V(1), V(0));
    const V nan(std::numeric_limits<T>::quiet_NaN());
    return select((x > V(0)) & (x < V(inf)), y, select(x == V(0), V(-inf), select(x == V(inf), x, nan)));
  }
}
/// log(1 + x), <= 3 ulp, also near 0; -inf at -1, NaN below.
template <class T, int N>
BIJOU_INLINE Lanes<T, N> log1p(Lanes<T, N> x) {
  using V = Lanes<T, N>;
  if constexpr (N == 1)
    return V::of(std::log1p(x.v));
  else {
    constexpr T inf = std::numeric_limits<T>::infinity();
    const V u = V(1) + x;
    // What rounding took from 1 + x, relative to u: log(1 + x) = log u + (x - (u - 1)) / u.
    const V lost = select(x > V(1), V(1) - (u - x), x - (u - V(1)));
    V e, m;
    lanes::split(u, e, m);
    const V near = (m - V(1)), direct = x;
    const auto close = e == V(0);  // here f = x itself is exact
    const V y = lanes::log_of_split(e, select(close, direct, near), select(close, V(0), lost / u));
    const V nan(std::numeric_limits<T>::quiet_NaN());
    const V answer = select((x > V(-1)) & (x < V(inf)), y, select(x == V(-1), V(-inf), select(x == V(inf), x, nan)));
    return select(x == V(0), x, answer);
  }
}
}  // namespace bijou
