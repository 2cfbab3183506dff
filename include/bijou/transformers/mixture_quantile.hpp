#pragma once
#include <bijou/transformers/bracketed_newton.hpp>
#include <bijou/transformers/mixture.hpp>

namespace bijou {
/// A bracket around the quantile of a mixture, and a start in it.
template <class V>
struct Bracket {
  V low, high, start;
};
/// For the mixture with its components' means at `mean`: the range of their own quantiles, q standard deviations from
/// each, and the quantile of a single component with the mixture's mean and variance.
template <class Kernel, int K, class V, class C>
Bracket<V> quantile_bracket(const Mixture<Kernel, K, V, C>& m, const typename C::Values& mean, V q) {
  const V big(std::numeric_limits<typename V::Scalar>::max() / 2);  // a bracket has to be finite
  const auto within = [&](V x) { return max(min(x, big), -big); };
  // q is right to 1e-2 of itself or, close to 0, to 1e-3.
  const V slack = fused(V(0.02), abs(q), V(2e-3)), lower = q - slack, upper = q + slack;
  const V centre = C::dot(m.weights.share, mean);
  typename C::Values down, up, square;
  for (int r = 0; r < C::registers; ++r) {
    // Down, lower being negative, by the width as it is, infinite perhaps, or the quantile would be outside. Up a part
    // of it will do: no more than half of a component is sought, which ends at its mean.
    const V width = V(1) / m.inverse_s[r], s = min(width, big), off = mean[r] - centre;
    down[r] = fused(lower, width, mean[r]);
    up[r] = fused(upper, s, mean[r]);
    square[r] = fused(off * V(1 / Kernel::variance), off, s * s);
  }
  V low = C::reduce(down, [](auto a, auto b) { return smaller(b, a); }),
    high = C::reduce(up, [](auto a, auto b) { return larger(b, a); });
  low = within(low), high = within(high);
  const V pad = V(1e-3) * (abs(low) + abs(high));
  low -= pad, high += pad;
  const V start = fused(q, min(sqrt(C::dot(m.weights.share, square)), big), centre);
  return {low, high, larger(smaller(start, high), low)};
}

/// The x with F(x) = target where left, else with S(x) = target, the smaller of the two; log_target its logarithm. A
/// root of log F, which is reflected where S is meant: Newton's method inside the components' own quantiles, between
/// which a mixture's quantile lies. Where F is a plain sum, with two more derivatives, by Householder's formula.
template <class Kernel, int K, class V, class C>
V mixture_quantile(const Mixture<Kernel, K, V, C>& m, decltype(V() < V()) left, V target, V log_target) {
  using T = typename V::Scalar;
  using Values = typename C::Values;
  // In units of s. The error that such a step leaves is about a tenth of its fourth power: below a rounding of s.
  constexpr T small_step = std::is_same_v<T, float> ? T(1e-2) : std::is_same_v<T, double> ? T(1e-4) : T(1e-5);
  const V sign = select(left, V(1), V(-1));
  Values mean, by_s[3];  // w / s, w / s^2, w / s^3
  for (int r = 0; r < C::registers; ++r) {
    mean[r] = sign * m.mean[r];
    by_s[0][r] = m.weights.share[r] * m.inverse_s[r];
    by_s[1][r] = by_s[0][r] * m.inverse_s[r];
    by_s[2][r] = by_s[1][r] * m.inverse_s[r];
  }
  const auto [low, high, start] = quantile_bracket(m, mean, Kernel::quantile(log_target));
  const V noise = V(std::numeric_limits<T>::epsilon() / 4) * abs(log_target), narrowest = V(1) / m.steepest;
  const auto by_sums = [&](V x) {
    Values cdf, density, first, second;
#pragma GCC unroll 8
    for (int r = 0; r < C::registers; ++r) {
      const V u = (x - mean[r]) * m.inverse_s[r];
      V tail, score, bend;
      m.tail_and_density(u, tail, density[r]);
      Kernel::score_and_bend(u, tail, density[r], score, bend);
      cdf[r] = select(u < V(0), tail, V(1) - tail);
      first[r] = density[r] * score;
      second[r] = density[r] * bend;
    }
    const V F = C::dot(m.weights.share, cdf), by_f = V(1) / C::dot(by_s[0], density);
    // log(F / target) by its first terms, as good far from 0, where a step need not be exact
    const V part = (F - target) / (F + target), value = V(2) * part * horner(part * part, 1., 1. / 3, 1. / 5);
    const V newton = value * (F * by_f), a = newton * (C::dot(by_s[1], first) * by_f),
            b = newton * newton * (C::dot(by_s[2], second) * by_f);
    const V bent = a - value, bent_twice = fused(V(-3) * a, value, fused(V(2) * value, value, b));
    const V factor = fused(V(-0.5), bent, V(1)) / (V(1) - bent + V(1. / 6) * bent_twice);
    // What the derivatives at x do not tell is no step: NaN
    return std::pair{value, newton * select(factor > V(0.125), factor, V(std::numeric_limits<T>::quiet_NaN()))};
  };
  const auto by_logarithms = [&](V x) {
    const V at = sign * x, log_tail = m.log_tail(at, sign), value = log_tail - log_target;
    return std::pair{value, value / exp(m.log_density(at) - log_tail)};
  };
  const auto far = m.deep(target);
  V x = start;
  if (!all(far)) x = bracketed_newton(start, low, high, noise, by_sums, V(small_step) * narrowest, narrowest, far).x;
  if (any(far)) x = select(far, bracketed_newton(start, low, high, noise, by_logarithms, V(0), narrowest, ~far).x, x);
  return sign * x;
}
}  // namespace bijou
