#pragma once
#include <bijou/math/exp.hpp>
#include <bijou/math/log.hpp>

namespace bijou {
/// log sqrt(2 pi)
inline constexpr long double log_sqrt_two_pi = 0.918938533204672741780329736405617640L;

/// log of the standard normal density, -z^2/2 - log(2 pi)/2.
template <class V>
BIJOU_INLINE V normal_log_density(V z) {
  return V(-0.5) * z * z - V(log_sqrt_two_pi);
}

namespace lanes {
/// Mills' ratio of the upper tail, e^(x^2/2) Phi(-x) for x >= 0: (2 + sqrt(2 pi) x) times it is smooth in
/// m = (x - 4) / (x + 4), a polynomial to 1e-8 (float) and 2e-18 (double). Form: Shepherd and Laframboise 1981,
/// Math. Comp. 36; coefficients: tests/reference/math/coefficients.py.
template <class T, int N>
inline Lanes<T, N> mills(Lanes<T, N> x) {
  using V = Lanes<T, N>;
  // Beyond, e^(-x^2/2) is 0, and the logarithm of the ratio nothing beside x^2/2.
  const V z = at_most(x, std::is_same_v<T, float> ? T(1e15) : T(1e150));
  const V bottom = fused(z, V(2.5066282746310005024), V(2)), shared = V(1) / (bottom * (z + V(4)));
  const V m = (z - V(4)) * bottom * shared;
  V p;
  if constexpr (std::is_same_v<T, float>)
    p = even_and_odd(m, 1.1354308036242767, -0.15607136411898971, -0.027921399776758133, 0.10801928404217791,
                     -0.096354060347721664, 0.04926378935005761, -0.012756529778766021, -0.0010497215992411741,
                     0.0017561090472241959, -0.00019329499273419745, -0.00015493184253227183, 3.1309694222105268e-5);
  else
    p = even_and_odd(m, 1.1354308142581806, -0.15607136685265974, -0.027922167297671214, 0.10801948125913956,
                     -0.096344992130286516, 0.049261464761575955, -0.012796248918167543, -0.0010395920991423475,
                     0.0018366816106667565, -0.00021362208608853017, -0.00023472959198771268, 5.0919128882036181e-5,
                     3.633891500349815e-5, -8.1815727817748103e-6, -6.8878765554727107e-6, 9.0553397851697077e-7,
                     1.4372000198904697e-6, 3.7757583364487451e-8, -2.8987953993562091e-7, -6.4829485385480039e-8,
                     4.8996662518053632e-8, 2.3445218881931267e-8, -5.4289233920569289e-9, -4.9523081613992041e-9,
                     9.2070000915205112e-11, 5.0608762500697331e-10, 5.0528566859748789e-11);
  return p * ((z + V(4)) * shared);
}
/// The x beyond which e^(-scale x^2) is 0, for scale = 1 or 1/2.
template <class T>
constexpr T end_of_bell(T scale) {
  constexpr bool single = std::is_same_v<T, float>;
  return scale == T(1) ? (single ? T(10.6) : T(27.6)) : (single ? T(15) : T(39));
}
/// e^(-scale x^2) for scale = 1 or 1/2 and 0 <= x <= end_of_bell, with the rounding error of x^2 put back: 1 ulp of x^2
/// = 700 would be 1e-13.
template <class T, int N>
BIJOU_INLINE Lanes<T, N> exp_minus_square(Lanes<T, N> x, T scale) {
  using V = Lanes<T, N>;
  const V square = x * x;
#if defined(__FMA__) || defined(__ARM_FEATURE_FMA)
  const V error = fused(x, x, -square);
#else
  using Integer = typename BitsOf<T>::type;
  constexpr Integer half_mantissa = ~((Integer{1} << ((std::numeric_limits<T>::digits + 1) / 2)) - 1);
  const V high = from_bits<T, N>(to_bits(x) & half_mantissa), low = x - high;
  const V error = fused(low, low, fused(high + high, low, fused(high, high, -square)));
#endif
  V n, r;
  reduce_exponent(V(-scale) * square, n, r);
  return exp_of_reduced(n, fused(V(-scale), error, r));
}
/// e^(-a^2/2) / sqrt(2 pi) of a number, with the digits that a^2 rounds away.
template <class T>
inline T normal_density(T a) {
  const T square = a * a, lost = std::fma(a, a, -square);
  const T density = std::exp(-square / 2) / std::sqrt(2 * std::numbers::pi_v<T>);
  return density > 0 ? density * (1 - lost / 2) : density;
}
/// Phi(-a) for a number a >= 0: erfc at the rounded y = a / sqrt 2, less what a^2 / 2 - y^2 takes from it far out.
template <class T>
inline T normal_tail(T a) {
  const T y = a / std::numbers::sqrt2_v<T>, square = y * y, density = normal_density(a);
  const T missed = std::fma(a, a / 2, -square) - std::fma(y, y, -square);
  return std::erfc(y) / 2 - (a > 0 && density > 0 ? density * missed / a : T(0));
}
}  // namespace lanes

/// Phi(-a) and the density at a, for a >= 0, from one exponential.
template <class T, int N>
BIJOU_INLINE void normal_tail_and_density(Lanes<T, N> a, Lanes<T, N>& tail, Lanes<T, N>& density) {
  if constexpr (N == 1) {
    tail.v = lanes::normal_tail(a.v);
    density.v = lanes::normal_density(a.v);
  } else {
    const auto near = lanes::at_most(a, lanes::end_of_bell(T(0.5))), e = lanes::exp_minus_square(near, T(0.5));
    tail = e * lanes::mills(near);
    density = e * Lanes<T, N>(0.39894228040143267794);
  }
}
/// Phi(x) = erfc(-x / sqrt 2) / 2, the standard normal distribution function, <= 6 ulp; relatively
/// right in the lower tail.
template <class T, int N>
inline Lanes<T, N> normal_cdf(Lanes<T, N> x) {
  using V = Lanes<T, N>;
  V tail, density;
  normal_tail_and_density(abs(x), tail, density);
  return select(x > V(0), V(1) - tail, tail);
}
/// The same two on the tape.
template <class V>
void normal_tail_and_density(V a, V& tail, V& density) {
  tail = normal_cdf(-a);
  density = exp(normal_log_density(a));
}
/// log Phi(x), <= 8 ulp on the whole line: -x^2/2 + log of Mills' ratio below 0, log1p(-Phi(-x)) above.
template <class T, int N>
inline Lanes<T, N> log_normal_cdf(Lanes<T, N> x) {
  using V = Lanes<T, N>;
  if constexpr (N == 1) {
    const T a = std::abs(x.v);
    if (x.v > 0) return V::of(std::log1p(-lanes::normal_tail(a)));
    if (x.v > -30) return V::of(std::log(lanes::normal_tail(a)));
    T sum = 0, term = 1;  // asymptotic series, to its smallest term below eps here
    for (int k = 0; k < 30; ++k) sum += term, term *= -T(2 * k + 1) / (a * a);
    return V::of(-a * a / 2 - std::log(a) - T(log_sqrt_two_pi) + std::log(sum));
  } else {
    const V a = abs(x), m = lanes::mills(a);
    const V near = lanes::at_most(a, lanes::end_of_bell(T(0.5)));
    const V lower = fused(V(-0.5) * a, a, log(m)), upper = log1p(-lanes::exp_minus_square(near, T(0.5)) * m);
    return select(x > V(0), upper, lower);
  }
}
/// phi(z) / Phi(-z), the hazard of the standard normal distribution, <= 8 ulp: about z far above 0, by Mills' ratio,
/// where nothing cancels, and about phi(z) below.
template <class T, int N>
inline Lanes<T, N> normal_hazard(Lanes<T, N> z) {
  using V = Lanes<T, N>;
  const V a = abs(z);
  if constexpr (N > 1) {
    V tail, density;
    normal_tail_and_density(a, tail, density);
    // At least a, which it is beyond the arguments of mills.
    return select(z > V(0), max(V(0.39894228040143267794) / lanes::mills(a), a), density / (V(1) - tail));
  } else {
    if (!(z.v > 30)) return V::of(lanes::normal_density(z.v)) / normal_cdf(-z);
    T sum = 0, term = 1;  // asymptotic series of Mills' ratio
    for (int k = 0; k < 30; ++k) sum += term, term *= -T(2 * k + 1) / (a.v * a.v);
    return V::of(a.v / sum);
  }
}
namespace lanes {
/// The arithmetic of everything but the generator.
struct FusedArithmetic {
  static auto polynomial(auto z, auto... c) { return horner(z, c...); }
  static auto logarithm(auto z) { return log(z); }
};
/// Wichura 1988, AS 241 (PPND16): Phi^-1(p) for 0 < p < 1, in the arithmetic A (polynomial, logarithm).
template <class A, class V>
inline V as241(V p) {
  const V q = p - V(0.5), c = V(0.180625) - q * q;
  const auto central = abs(q) <= V(0.425);
  V above =
      q * A::polynomial(c, 3.387132872796366608, 133.14166789178437745, 1971.5909503065514427, 13731.693765509461125,
                        45921.953931549871457, 67265.770927008700853, 33430.575583588128105, 2509.0809287301226727);
  V below = A::polynomial(c, 1., 42.313330701600911252, 687.1870074920579083, 5394.1960214247511077,
                          21213.794301586595867, 39307.89580009271061, 28729.085735721942674, 5226.495278852545925);
  if (any(~central)) {
    const V r = sqrt(-A::logarithm(select(q < V(0), p, V(1) - p))), s = r - V(1.6), t = r - V(5);
    V size =
        A::polynomial(s, 1.42343711074968357734, 4.6303378461565452959, 5.7694972214606914055, 3.64784832476320460504,
                      1.27045825245236838258, .24178072517745061177, .0227238449892691845833, 7.7454501427834140764e-4);
    V unit = A::polynomial(s, 1., 2.05319162663775882187, 1.6763848301838038494, .68976733498510000455,
                           .14810397642748007459, .0151986665636164571966, 5.475938084995344946e-4,
                           1.05075007164441684324e-9);
    const auto far = t > V(0);
    if (any(far)) {
      size = select(far,
                    A::polynomial(t, 6.6579046435011037772, 5.4637849111641143699, 1.7848265399172913358,
                                  .29656057182850489123, .026532189526576123093, .0012426609473880784386,
                                  2.71155556874348757815e-5, 2.01033439929228813265e-7),
                    size);
      unit = select(far,
                    A::polynomial(t, 1., .59983220655588793769, .13692988092273580531, .0148753612908506148525,
                                  7.868691311456132591e-4, 1.8463183175100546818e-5, 1.4215117583164458887e-7,
                                  2.04426310338993978564e-15),
                    unit);
    }
    above = select(central, above, select(q < V(0), -size, size));
    below = select(central, below, unit);
  }
  return above / below;
}
}  // namespace lanes
/// The x with Phi(x) = p, <= 8 ulp; -inf at 0, inf at 1, NaN outside [0, 1]. Wichura 1988, AS 241 (PPND16).
template <class T, int N>
inline Lanes<T, N> inverse_normal_cdf(Lanes<T, N> p) {
  using V = Lanes<T, N>;
  if constexpr (N == 1) {  // a start in double, then Newton's steps on Phi - 1/2 or log Phi
    if (!(p.v > 0 && p.v < 1))
      return V::of(p.v == 0   ? -std::numeric_limits<T>::infinity()
                   : p.v == 1 ? std::numeric_limits<T>::infinity()
                              : std::numeric_limits<T>::quiet_NaN());
    const bool upper = p.v > T(0.5);
    const T q = upper ? 1 - p.v : p.v;
    V x(q > T(1e-300) ? T(inverse_normal_cdf(Lanes<double>(double(q)))[0]) : -std::sqrt(-2 * std::log(q)));
    for (int i = 0; i < 4; ++i)
      x.v += q > T(0.25) ? ((q - T(0.5)) - std::erf(x.v / std::numbers::sqrt2_v<T>) / 2) / lanes::normal_density(x.v)
                         : (std::log(q) - log_normal_cdf(x).v) / normal_hazard(-x).v;
    return upper ? -x : x;
  } else {
    const V x = lanes::as241<lanes::FusedArithmetic>(p);
    const V inf(std::numeric_limits<T>::infinity()), nan(std::numeric_limits<T>::quiet_NaN());
    return select((p > V(0)) & (p < V(1)), x, select(p == V(0), -inf, select(p == V(1), inf, nan)));
  }
}
}  // namespace bijou
