#pragma once
#include <bijou/core/errors.hpp>
#include <bijou/math/log_sum_exp.hpp>
#include <bijou/transformers/bracketed_newton.hpp>
#include <bijou/transformers/exp.hpp>
#include <bijou/transformers/mixture_kernel.hpp>

namespace bijou {
/// What a mixture CDF returns: F itself, in [0, 1], or its logit, log F - log S, on the whole line.
enum class MixtureOutput { unit, logit };

/// CDF of a mixture of K components,  F(x) = sum_k w_k G((x - m_k) / s_k),  S = 1 - F,  f = F':
///     unit: y = F, log h' = log f          logit: y = log F - log S, log h' = log f - log F - log S
/// phi = (K logits of w, K means, K log s); the means are offset by 2 (2k + 1 - K) / K, so that phi = 0 is a spread-out
/// mixture. All in logarithms, with the survival function beside the CDF: right at 1,000 sigma on both sides.
/// Adjoints, with A, B, C those of log F, log S, log f, responsibilities rF_k = w_k G_k / F, rS_k, r_k = w_k g_k / (s_k
/// f), rates a_k = w_k g_k / (s_k F), b_k the same by S, and u_k = d log g / dz / s_k:
///     x_ = sum_k A a_k - B b_k + C r_k u_k =: sum_k e_k,   m_k_ -= e_k,   (log s_k)_ -= e_k (x - m_k) + C r_k,
///     logit_k_ += A rF_k + B rS_k + C r_k - (A + B + C) w_k
/// Source: Ho et al. 2019, Flow++, sec. 3.2. arXiv:1902.00275
template <class Kernel, int K, MixtureOutput Output>
struct MixtureCdf {
  static_assert(K >= 1, "MixtureCdf: at least one component");
  static constexpr int arity = 3 * K;
  static constexpr bool to_unit = Output == MixtureOutput::unit;
  static inline const std::string name = text(Kernel::name, "_mixture_", to_unit ? "cdf" : "logit", "(", K, ")");

  template <class V>
  static void forward(V& x, const auto& phi, V& log_det) {
    const Mixture<V> m(phi);
    if constexpr (to_unit) {
      log_det += m.log_density(x);
      x = m.cdf(x);
    } else {
      const V log_f = m.log_cdf(x), log_s = m.log_survival(x);
      // Where z^2 overflows all three are -inf; y is infinite there and has no density.
      const V log_slope = m.log_density(x) - log_f - log_s;
      log_det += select(abs(log_f - log_s) == V(std::numeric_limits<typename V::Scalar>::infinity()), V(0), log_slope);
      x = log_f - log_s;
    }
  }
  template <class V>
  static void inverse(V& x, const auto& phi, V& log_det) {
    constexpr auto inf = std::numeric_limits<typename V::Scalar>::infinity();
    const Mixture<V> m(phi);
    V lower, upper;  // log F and log S to be reached
    if constexpr (to_unit) {
      keep_inside((x > V(0)) & (x < V(1)), V(0.5), x, log_det);
      lower = log(x);
      upper = log1p(-x);
    } else {
      lower = log_sigmoid(x);
      upper = log_sigmoid(-x);
    }
    const V y = x;
    const auto infinite = abs(y) == V(inf);
    x = select(
        infinite, y,
        m.quantile(select(infinite, V(-std::numbers::ln2), lower), select(infinite, V(-std::numbers::ln2), upper)));
    if constexpr (to_unit)
      log_det -= m.log_density(x);
    else
      log_det -= m.log_density(x) - m.log_cdf(x) - m.log_survival(x);
  }
  template <class V>
  static void backward(const V& x, const auto& phi, V& g, const V& g_log_det, auto&& g_phi) {
    constexpr auto inf = std::numeric_limits<typename V::Scalar>::infinity();
    const Mixture<V> m(phi);
    V log_cdf[K], log_survival[K], log_g[K];
    for (int k = 0; k < K; ++k) {
      const V z = m.z(x, k);
      log_cdf[k] = m.log_w[k] + Kernel::log_cdf(z);
      log_survival[k] = m.log_w[k] + Kernel::log_cdf(-z);
      log_g[k] = m.log_w[k] + Kernel::log_density(z) - m.log_s[k];
    }
    const V log_F = log_sum_exp(log_cdf, K), log_S = log_sum_exp(log_survival, K), log_f = log_sum_exp(log_g, K);
    const V A = to_unit ? g * exp(log_F) : g - g_log_det, B = to_unit ? V(0) : -g - g_log_det, C = g_log_det;
    // e^(a - b), 0 where both have run out of range
    const auto ratio = [&](V a, V b) { return select(b == V(-inf), V(0), exp(a - b)); };
    V total(0);
    for (int k = 0; k < K; ++k) {
      const V r = ratio(log_g[k], log_f), score = Kernel::score(m.z(x, k)) * m.inverse_s[k];
      const V e = A * ratio(log_g[k], log_F) - B * ratio(log_g[k], log_S) + C * r * score;
      total += e;
      g_phi.add(
          k, A * ratio(log_cdf[k], log_F) + B * ratio(log_survival[k], log_S) + C * r - (A + B + C) * exp(m.log_w[k]));
      g_phi.add(K + k, -e);
      g_phi.add(2 * K + k, -e * (x - m.mean[k]) - C * r);
    }
    g = total;
  }

 private:
  template <class V>
  struct Mixture {
    V log_w[K], mean[K], log_s[K], inverse_s[K];
    explicit Mixture(const auto& phi) {
      for (int k = 0; k < K; ++k) log_w[k] = phi[k];
      const V norm = log_sum_exp(log_w, K);
      for (int k = 0; k < K; ++k) {
        log_w[k] -= norm;
        mean[k] = phi[K + k] + V(2. * (2 * k + 1 - K) / K);
        log_s[k] = phi[2 * K + k];
        inverse_s[k] = exp(-log_s[k]);
      }
    }
    V z(V x, int k) const { return (x - mean[k]) * inverse_s[k]; }
    V sum(V x, auto term) const {
      V terms[K];
      for (int k = 0; k < K; ++k) terms[k] = log_w[k] + term(z(x, k), k);
      return log_sum_exp(terms, K);
    }
    V log_cdf(V x) const {
      return sum(x, [](V z, int) { return Kernel::log_cdf(z); });
    }
    V log_survival(V x) const {
      return sum(x, [](V z, int) { return Kernel::log_cdf(-z); });
    }
    V log_density(V x) const {
      return sum(x, [this](V z, int k) { return Kernel::log_density(z) - log_s[k]; });
    }
    V cdf(V x) const {
      V total(0);
      for (int k = 0; k < K; ++k) total = fused(exp(log_w[k]), Kernel::cdf(z(x, k)), total);
      return select(total > V(1), V(1), total);
    }
    /// The x with log F(x) = lower and log S(x) = upper: Newton's method on the smaller of the two, inside the
    /// components' own quantiles, between which a mixture's quantile lies.
    V quantile(V lower, V upper) const {
      const auto below = lower < upper;
      const V target = select(below, lower, upper), sign = select(below, V(1), V(-1)),
              q = sign * Kernel::quantile(target);
      V low = fused(q, V(1) / inverse_s[0], mean[0]), high = low, start(0);
      for (int k = 0; k < K; ++k) {
        const V own = fused(q, V(1) / inverse_s[k], mean[k]);
        low = select(own < low, own, low);
        high = select(own > high, own, high);
        start = fused(exp(log_w[k]), own, start);
      }
      const V pad = V(0.02) * (high - low) + V(0.02) * abs(q) / inverse_s[0] + V(1e-3) * (abs(low) + abs(high));
      low -= pad;
      high += pad;
      start = select(start < low, low, select(start > high, high, start));
      return bracketed_newton(start, low, high, V(std::numeric_limits<typename V::Scalar>::epsilon() / 4) * abs(target),
                              [&](V x) {
                                V tail[K], density[K];
                                for (int k = 0; k < K; ++k) {
                                  const V u = z(x, k);
                                  tail[k] = log_w[k] + Kernel::log_cdf(sign * u);
                                  density[k] = log_w[k] + Kernel::log_density(u) - log_s[k];
                                }
                                const V log_tail = log_sum_exp(tail, K);
                                return std::pair{sign * (log_tail - target), exp(log_sum_exp(density, K) - log_tail)};
                              })
          .x;
    }
  };
};
template <int K>
using GaussianMixtureCdf = MixtureCdf<NormalKernel, K, MixtureOutput::unit>;
template <int K>
using GaussianMixtureLogit = MixtureCdf<NormalKernel, K, MixtureOutput::logit>;
template <int K>
using LogisticMixtureCdf = MixtureCdf<LogisticKernel, K, MixtureOutput::unit>;
template <int K>
using LogisticMixtureLogit = MixtureCdf<LogisticKernel, K, MixtureOutput::logit>;
}  // namespace bijou
