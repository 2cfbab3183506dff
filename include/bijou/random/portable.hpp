#pragma once
#include <bijou/core/lanes.hpp>

namespace bijou::portable {
/// The mathematics of the generator, in double precision, with the same bits on every machine, compiler and option:
/// only
/// + - * / and sqrt, which IEEE 754 rounds in one way, no library functions, and no product fused with a sum.
/// A few ulp are good enough here: a sample needs the right distribution, not the last digit.
using V = Lanes<double>;

/// A product that the compiler cannot contract into a fused operation.
inline V times(V a, V b) {
  V p = a * b;
#if defined(__x86_64__)
  asm("" : "+x"(p.v));
#elif defined(__aarch64__)
  asm("" : "+w"(p.v));
#else
  volatile V::Vector kept = p.v;
  p.v = kept;
#endif
  return p;
}
inline V horner(V, double c) { return V(c); }
inline V horner(V x, double c, auto... rest) { return V(c) + times(x, horner(x, rest...)); }

/// log x for normal x > 0: x = 2^e m, log m = 2 atanh((m - 1) / (m + 1)).
inline V log(V x) {
  constexpr std::int64_t root = 0x3fe6a09e667f3bcd;  // sqrt(1/2)
  const V::Bits k = (to_bits(x) - root) >> 52;
  const V e = V::of(__builtin_convertvector(k, V::Vector)), m = from_bits<double, V::size>(to_bits(x) - (k << 52));
  const V s = (m - V(1)) / (m + V(1)), z = times(s, s);
  return times(e, V(0.6931471805599453)) +
         times(s, horner(z, 2., 2. / 3, 2. / 5, 2. / 7, 2. / 9, 2. / 11, 2. / 13, 2. / 15, 2. / 17, 2. / 19, 2. / 21));
}
/// e^x for |x| < 700: 2^n e^r.
inline V exp(V x) {
  const V shift(6755399441055744.), n = (times(x, V(1.4426950408889634)) + shift) - shift;
  const V r = (x - times(n, V(6.93145751953125e-1))) - times(n, V(1.42860682030941723212e-6));
  const V y = horner(r, 1., 1., 1. / 2, 1. / 6, 1. / 24, 1. / 120, 1. / 720, 1. / 5040, 1. / 40320, 1. / 362880,
                     1. / 3628800, 1. / 39916800, 1. / 479001600);
  return y * from_bits<double, V::size>((__builtin_convertvector(n.v, V::Bits) + 1023) << 52);
}
/// Phi^-1(u), 0 < u < 1.  Wichura 1988, AS 241 (PPND16).
inline V inverse_normal_cdf(V u) {
  const V q = u - V(0.5), c = V(0.180625) - times(q, q), tail = select(q < V(0), u, V(1) - u);
  const V r = sqrt(-log(tail)), s = r - V(1.6), t = r - V(5);
  const V centre =
      times(q, horner(c, 3.387132872796366608, 133.14166789178437745, 1971.5909503065514427, 13731.693765509461125,
                      45921.953931549871457, 67265.770927008700853, 33430.575583588128105, 2509.0809287301226727)) /
      horner(c, 1., 42.313330701600911252, 687.1870074920579083, 5394.1960214247511077, 21213.794301586595867,
             39307.89580009271061, 28729.085735721942674, 5226.495278852545925);
  const V near =
      horner(s, 1.42343711074968357734, 4.6303378461565452959, 5.7694972214606914055, 3.64784832476320460504,
             1.27045825245236838258, .24178072517745061177, .0227238449892691845833, 7.7454501427834140764e-4) /
      horner(s, 1., 2.05319162663775882187, 1.6763848301838038494, .68976733498510000455, .14810397642748007459,
             .0151986665636164571966, 5.475938084995344946e-4, 1.05075007164441684324e-9);
  const V far =
      horner(t, 6.6579046435011037772, 5.4637849111641143699, 1.7848265399172913358, .29656057182850489123,
             .026532189526576123093, .0012426609473880784386, 2.71155556874348757815e-5, 2.01033439929228813265e-7) /
      horner(t, 1., .59983220655588793769, .13692988092273580531, .0148753612908506148525, 7.868691311456132591e-4,
             1.8463183175100546818e-5, 1.4215117583164458887e-7, 2.04426310338993978564e-15);
  const V outside = select(r <= V(5), near, far);
  return select(abs(q) <= V(0.425), centre, select(q < V(0), -outside, outside));
}
}  // namespace bijou::portable
