#pragma once
#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <utility>

#include <bijou/math/normal.hpp>

namespace bijou {
/// log Gamma(x) - [(x - 1/2) log x - x + 1/2 log 2 pi] for x >= 15, by Stirling's series: what it leaves out is below
/// 1e-21.
inline long double stirling_remainder(long double x) {
  const long double y = 1 / (x * x);
  long double sum = 0;
  for (const long double c :
       {-3617.L / 122400, 1.L / 156, -691.L / 360360, 1.L / 1188, -1.L / 1680, 1.L / 1260, -1.L / 360, 1.L / 12})
    sum = sum * y + c;
  return sum / x;
}
/// log B(a, b) = log Gamma(a) + log Gamma(b) - log Gamma(a + b), a, b > 0. Of large shapes that is a small difference
/// of large logarithms, whose large parts are left out here. (std::lgamma also writes a global variable, the sign.)
inline long double log_beta(long double a, long double b) {
  if (a > b) std::swap(a, b);
  const auto gamma_of_next = [](long double x) { return std::tgamma(x + 1); };  // finite also where Gamma(x) is not
  constexpr long double large = 15;
  if (b < large)
    return std::log(gamma_of_next(a) * gamma_of_next(b) / gamma_of_next(a + b) * ((a + b) / b)) - std::log(a);
  const long double rest = stirling_remainder(b) - stirling_remainder(a + b), spread = std::log1p(a / b);
  if (a < large)
    return std::log(gamma_of_next(a)) - std::log(a) - a * (std::log(b) + spread - 1) - (b - 0.5L) * spread + rest;
  return log_sqrt_two_pi - std::log(b) / 2 - (a - 0.5L) * std::log1p(b / a) - b * spread + stirling_remainder(a) + rest;
}
}  // namespace bijou
