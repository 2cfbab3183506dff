#pragma once
// The special functions in long double, from those of the C library: some 2,000 times as exact as double.
#include <cmath>
#include <numbers>

namespace bijou::test::exact {
using Real = long double;
inline Real softplus(Real x) { return std::max(x, 0.L) + std::log1p(std::exp(-std::abs(x))); }
inline Real log_sigmoid(Real x) { return -softplus(-x); }
inline Real sigmoid(Real x) {
  const Real e = std::exp(-std::abs(x));
  return (x < 0 ? e : 1) / (1 + e);
}
inline Real log1mexp(Real x) { return x < 0.7L ? std::log(-std::expm1(-x)) : std::log1p(-std::exp(-x)); }
inline Real logit(Real x) {
  return std::abs(x - 0.5L) < 0.25L ? std::log1p((2 * x - 1) / (1 - x)) : std::log(x) - std::log1p(-x);
}
/// The argument's rounding is made good: far out it would be x^2 / 2 times as large in the result.
inline Real normal_cdf(Real x) {
  constexpr Real high = std::numbers::sqrt2_v<Real> / 2, low = 1.8950325588932570797e-20L;  // of 1 / sqrt(2)
  const Real t = -x * high, rest = std::fma(-x, high, -t) - x * low;
  return (std::erfc(t) - rest * 2 * std::numbers::inv_sqrtpi_v<Real> * std::exp(-t * t)) / 2;
}
inline Real normal_density(Real x) { return std::exp(-x * x / 2) / std::sqrt(2 * std::numbers::pi_v<Real>); }
/// density / Phi(-x); above 6 by Laplace's continued fraction.
inline Real normal_hazard(Real x) {
  if (x < 6) return normal_density(x) / normal_cdf(-x);
  Real fraction = x;
  for (int k = 100; k > 0; --k) fraction = x + Real(k) / fraction;
  return fraction;
}
inline Real log_normal_cdf(Real x) {
  if (x > 0) return std::log1p(-normal_cdf(-x));
  if (x > -100) return std::log(normal_cdf(x));
  const Real q = 1 / (x * x);  // Abramowitz and Stegun 1964, 26.2.12
  return -x * x / 2 - std::log(-x * std::sqrt(2 * std::numbers::pi_v<Real>)) +
         std::log1p(q * (-1 + q * (3 + q * (-15 + q * 105))));
}
/// By Newton steps, on log Phi of the smaller side but around the median.
inline Real inverse_normal_cdf(Real p) {
  constexpr Real root = 2.50662827463100050241576528481104525L;  // of 2 pi
  if (std::abs(p - 0.5L) < 0.25L) {
    Real x = (p - 0.5L) * root;
    for (int i = 0; i < 6; ++i)
      x += (p - 0.5L - std::erf(x * std::numbers::sqrt2_v<Real> / 2) / 2) * root * std::exp(x * x / 2);
    return x;
  }
  const Real wanted = std::log(std::min(p, 1 - p));
  Real x = -std::sqrt(-2 * wanted);
  for (int i = 0; i < 12; ++i) {
    const Real value = log_normal_cdf(x);
    x += (wanted - value) * root * std::exp(x * x / 2 + value);
  }
  return p < 0.5L ? x : -x;
}
}  // namespace bijou::test::exact
