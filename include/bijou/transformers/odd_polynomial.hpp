#pragma once
#include <bijou/core/errors.hpp>
#include <bijou/math/log_sum_exp.hpp>
#include <bijou/transformers/bracketed_newton.hpp>

namespace bijou {
/// Odd polynomial with positive coefficients,  y = b + sum_k c_k x^(2k+1),  k = 0 .. K-1,  h' = sum_k (2k+1) c_k x^2k.
///     x_ = y_ h' + l_ h''/h'     b_ += y_     phi_k_ += c_k (y_ x^(2k+1) + l_ (2k+1) x^2k / h')
/// phi = (log c_0, log c_1 + 4, ..., b): starts close to the identity.
template <int K>
struct OddPolynomial {
  static_assert(K >= 1, "OddPolynomial: at least one coefficient");
  static constexpr int arity = K + 1;
  static inline const std::string name = text("odd_polynomial(", 2 * K - 1, ")");

  template <class V>
  static void forward(V& x, const auto& phi, V& log_det) {
    log_det += log_slope(x, phi);
    const V z = x * x;
    V sum = exp(log_coefficient<V>(phi, K - 1));  // not 0 at first: z may have overflowed, and 0 inf is NaN
    for (int k = K - 1; k--;) sum = fused(sum, z, exp(log_coefficient<V>(phi, k)));
    x = select(abs(x) == V(std::numeric_limits<typename V::Scalar>::infinity()), x, fused(sum, x, phi[K]));
  }
  /// For |y - b| = r every term alone bounds x: x <= (r / c_k)^(1 / (2k+1)). From the least of these bounds Newton's
  /// steps go down to the root of the convex branch.
  template <class V>
  static void inverse(V& x, const auto& phi, V& log_det) {
    using Limits = std::numeric_limits<typename V::Scalar>;
    const V y = x - phi[K], r = abs(y), log_r = log(r);
    V bound(Limits::max());
    V c[K];
    for (int k = 0; k < K; ++k) {
      const V log_c = log_coefficient<V>(phi, k);
      c[k] = exp(log_c);
      bound = min(bound, exp((log_r - log_c) * (V(1) / V(2 * k + 1))));
    }
    // A bound below the root would be taken for it. Logarithms are up to max_exponent, and so are their errors in eps.
    bound = bound * V(1 + 4 * Limits::epsilon() * Limits::max_exponent);
    const V root = bracketed_newton(bound, V(0), bound, V(0), [&](V v) {
                     const V z = v * v;
                     V value = c[K - 1], slope = V(2 * K - 1) * c[K - 1];
                     for (int k = K - 1; k--;)
                       value = fused(value, z, c[k]), slope = fused(slope, z, V(2 * k + 1) * c[k]);
                     value = fused(value, v, -r);
                     return std::pair{value, value / slope};
                   }).x;
    x = select((r == V(0)) | (r == V(Limits::infinity())), y, copysign(root, y));
    log_det -= log_slope(x, phi);
  }
  template <class V>
  static void backward(const V& x, const auto& phi, V& g, const V& g_log_det, auto&& g_phi) {
    const V z = x * x;
    V slope(0), bend(0), c[K];
    for (int k = K; k--;) {
      c[k] = exp(log_coefficient<V>(phi, k));
      slope = fused(slope, z, V(2 * k + 1) * c[k]);
      if (k > 0) bend = fused(bend, z, V(2 * k * (2 * k + 1)) * c[k]);  // h'' = x bend
    }
    const V share = g_log_det / slope;
    V power(1);
    for (int k = 0; k < K; ++k, power *= z) g_phi.add(k, c[k] * power * (g * x + share * V(2 * k + 1)));
    g_phi.add(K, g);
    g = g * slope + share * bend * x;
  }

 private:
  template <class V>
  static V log_coefficient(const auto& phi, int k) {
    return k == 0 ? phi[0] : phi[k] - V(4);
  }
  /// Beyond 1 in powers of 1 / x^2, so that it is finite wherever x is.
  template <class V>
  static V log_slope(V x, const auto& phi) {
    const auto large = abs(x) > V(1);
    const V z = select(large, V(1) / (x * x), x * x);
    V sum(0);
    for (int k = K; k--;) {
      const V up = V(2 * k + 1) * exp(log_coefficient<V>(phi, k)),
              down = V(2 * (K - 1 - k) + 1) * exp(log_coefficient<V>(phi, K - 1 - k));
      sum = fused(sum, z, select(large, down, up));
    }
    return log(sum) + (K == 1 ? V(0) : select(large, V(2 * (K - 1)) * log(abs(x)), V(0)));
  }
};
}  // namespace bijou
