#pragma once
#include <bijou/math/normal.hpp>

namespace bijou {
/// erfc(x) = 2 Phi(-sqrt(2) x), <= 6 ulp, relatively right in the upper tail.
template <class T, int N>
inline Lanes<T, N> erfc(Lanes<T, N> x) {
  using V = Lanes<T, N>;
  if constexpr (N == 1)
    return V::of(std::erfc(x.v));
  else {
    const V a = lanes::at_most(abs(x), lanes::end_of_bell(T(1)));
    const V tail = V(2) * lanes::exp_minus_square(a, T(1)) * lanes::mills(a * V(std::numbers::sqrt2_v<T>));
    return select(x < V(0), V(2) - tail, tail);
  }
}
/// erf(x), <= 4 ulp: a polynomial in x^2 up to 1 (coefficients: tests/reference/math/coefficients.py), 1 - erfc beyond.
template <class T, int N>
inline Lanes<T, N> erf(Lanes<T, N> x) {
  using V = Lanes<T, N>;
  if constexpr (N == 1)
    return V::of(std::erf(x.v));
  else {
    const V a = abs(x), z = a * a;
    V p;
    if constexpr (std::is_same_v<T, float>)
      p = horner(z, 1.1283791658483509, -0.37612626666720331, 0.11283594715160218, -0.026854212010626412,
                 0.005189087423433974, -0.00080168642871658695, 7.8758750626854883e-5);
    else
      p = horner(z, 1.1283791670955126, -0.37612638903183748, 0.11283791670954879, -0.026866170645076793,
                 0.0052239776248180145, -0.00085483269808337899, 0.00012055331111642711, -1.4925595266831182e-5,
                 1.6461000484121368e-6, -1.6350312701054695e-7, 1.4659775274047436e-8, -1.1372848856791674e-9,
                 5.9571761477489114e-11);
    return copysign(select(a < V(1), a * p, V(1) - erfc(a)), x);
  }
}
}  // namespace bijou
