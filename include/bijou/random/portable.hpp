#pragma once
#include <bijou/math/normal.hpp>

namespace bijou::portable {
/// The mathematics of the generator, in double precision, with the same bits on every machine, compiler and option:
/// sums, products, quotients and square roots, which IEEE 754 rounds in one way; no library functions, nothing fused. A
/// few ulp are good enough here: a sample needs the right distribution, not the last digit.
using V = Lanes<double>;

inline V horner(V, double c) { return V(c); }
inline V horner(V x, double c, auto... rest) { return V(c) + x * horner(x, rest...); }

/// log x for normal x > 0: x = 2^e m, log m = 2 atanh((m - 1) / (m + 1)).
inline V log(V x) {
  constexpr std::int64_t root = 0x3fe6a09e667f3bcd;  // sqrt(1/2)
  const V::Bits k = (to_bits(x) - root) >> 52;
  const V e = V::of(__builtin_convertvector(k, V::Vector)), m = from_bits<double, V::size>(to_bits(x) - (k << 52));
  const V s = (m - V(1)) / (m + V(1)), z = s * s;
  return e * V(0.6931471805599453) +
         s * horner(z, 2., 2. / 3, 2. / 5, 2. / 7, 2. / 9, 2. / 11, 2. / 13, 2. / 15, 2. / 17, 2. / 19, 2. / 21);
}
/// e^x for |x| < 700: 2^n e^r.
inline V exp(V x) {
  const V shift(6755399441055744.), n = (x * V(1.4426950408889634) + shift) - shift;
  const V r = (x - n * V(6.93145751953125e-1)) - n * V(1.42860682030941723212e-6);
  const V y = horner(r, 1., 1., 1. / 2, 1. / 6, 1. / 24, 1. / 120, 1. / 720, 1. / 5040, 1. / 40320, 1. / 362880,
                     1. / 3628800, 1. / 39916800, 1. / 479001600);
  return y * from_bits<double, V::size>((__builtin_convertvector(n.v, V::Bits) + 1023) << 52);
}
/// This arithmetic, for algorithms that are written for any.
struct Arithmetic {
  static V polynomial(V z, auto... c) { return portable::horner(z, c...); }
  static V logarithm(V z) { return portable::log(z); }
};
/// Phi^-1(u), 0 < u < 1.
inline V inverse_normal_cdf(V u) { return lanes::as241<Arithmetic>(u); }
}  // namespace bijou::portable
