#pragma once
#include <bijou/math/normal.hpp>
#include <bijou/math/sigmoid.hpp>
#include <bijou/math/tanh.hpp>

namespace bijou {
/// The standard distribution of which a mixture is made: tail (the CDF at -a) and density for a >= 0, log CDF (the log
/// survival function is log_cdf(-z)), log density, its derivative, the score g' / g, the same together with g'' / g
/// from tail and density, the hazard g / (1 - G), its excess over -score, the variance, and the quantile of e^lp, lp <=
/// log(1/2), which need not be exact: 1e-2 of it; the ends: where tail and density fall to 1e-34 and 1e-269.
struct NormalKernel {
  static constexpr const char* name = "gaussian";
  static constexpr double variance = 1, end_of_float = 12.4, end_of_double = 35.2;
  template <class V>
  BIJOU_INLINE static void tail_and_density(V a, V& tail, V& density) {
    normal_tail_and_density(a, tail, density);
  }
  template <class V>
  static V log_cdf(V z) {
    return log_normal_cdf(z);
  }
  template <class V>
  static V log_density(V z) {
    return normal_log_density(z);
  }
  template <class V>
  static V score(V z) {
    return -z;
  }
  template <class V>
  BIJOU_INLINE static void score_and_bend(V z, V, V, V& score, V& bend) {
    score = -z;
    bend = fused(z, z, V(-1));
  }
  template <class T, int N>
  static Lanes<T, N> hazard(Lanes<T, N> z) {
    return normal_hazard(z);
  }
  template <class V>
  static V hazard(V z) {  // on the tape
    return exp(normal_log_density(z) - log_normal_cdf(-z));
  }
  /// About 1 / z far out, where hazard and score would cancel: there Laplace's continued fraction.
  template <class V>
  static V excess(V z) {
    const auto far = z > V(5);
    const V start = select(far, z, V(5));
    V fraction = start;
    for (int k = std::is_same_v<typename V::Scalar, float> ? 10 : 32; k > 1; --k) fraction = start + V(k) / fraction;
    return select(far, V(1) / fraction, hazard(z) + score(z));
  }
  /// Abramowitz and Stegun 1964, 26.2.23: to 4.5e-4, and to 1e-5 of itself far out.
  template <class V>
  static V quantile(V lp) {
    const V t = sqrt(V(-2) * lp);
    return horner(t, 2.515517, 0.802853, 0.010328) / horner(t, 1., 1.432788, 0.189269, 0.001308) - t;
  }
};
/// G = sigmoid.
struct LogisticKernel {
  static constexpr const char* name = "logistic";
  static constexpr double variance = std::numbers::pi * std::numbers::pi / 3, end_of_float = 77, end_of_double = 620;
  template <class V>
  BIJOU_INLINE static void tail_and_density(V a, V& tail, V& density) {
    const V e = exp(-a), share = V(1) / (V(1) + e);
    tail = e * share;
    density = tail * share;
  }
  template <class V>
  static V log_cdf(V z) {
    return log_sigmoid(z);
  }
  template <class V>
  static V log_density(V z) {
    const V a = abs(z);
    return -a - V(2) * log1p(exp(-a));
  }
  template <class V>
  static V score(V z) {
    return -tanh(V(0.5) * z);
  }
  template <class V>
  BIJOU_INLINE static void score_and_bend(V z, V tail, V density, V& score, V& bend) {
    const V slope = V(1) - V(2) * tail;
    score = select(z < V(0), slope, -slope);
    bend = fused(V(-6), density, V(1));
  }
  template <class V>
  static V hazard(V z) {
    return sigmoid(z);
  }
  template <class V>
  static V excess(V z) {
    return sigmoid(-z);
  }
  template <class V>
  static V quantile(V lp) {
    return lp - log1mexp(-lp);
  }
};
}  // namespace bijou
