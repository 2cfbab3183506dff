#pragma once
#include <bijou/core/errors.hpp>
#include <bijou/transformers/exp.hpp>
#include <bijou/transformers/mixture_excess.hpp>
#include <bijou/transformers/mixture_quantile.hpp>

namespace bijou {
/// What a mixture CDF returns: F itself, in [0, 1], or its logit, log F - log S, on the whole line.
enum class MixtureOutput { unit, logit };

/// CDF of a mixture of K components,  F(x) = sum_k w_k G((x - m_k) / s_k),  S = 1 - F,  f = F':
///     unit: y = F, log h' = log f          logit: y = log F - log S, log h' = log f - log F - log S
/// phi = (K logits of w, K means, K log s); the means are offset by 2 (2k + 1 - K) / K, so that phi = 0 is a spread-out
/// mixture. With the survival function beside the CDF, and in logarithms far out: right at 1,000 sigma on both sides.
/// Adjoints, with A, B, C those of log F, log S, log f, responsibilities rF_k = w_k G_k / F, rS_k, r_k = w_k g_k / (s_k
/// f), rates a_k = w_k g_k / (s_k F), b_k the same by S, and u_k = d log g / dz / s_k:
///     x_ = sum_k A a_k - B b_k + C r_k u_k =: sum_k e_k,   m_k_ -= e_k,   (log s_k)_ -= e_k (x - m_k) + C r_k,
///     logit_k_ += A rF_k + B rS_k + C r_k - (A + B + C) w_k
/// An x beyond half of the largest number is not found: there log h' of the inverse is -inf and x harmless.
/// Source: Ho et al. 2019, Flow++, sec. 3.2. arXiv:1902.00275
template <class Kernel, int K, MixtureOutput Output>
struct MixtureCdf {
  static_assert(K >= 1, "MixtureCdf: at least one component");
  static constexpr int arity = 3 * K;
  static constexpr bool to_unit = Output == MixtureOutput::unit;
  static inline const std::string name = text(Kernel::name, "_mixture_", to_unit ? "cdf" : "logit", "(", K, ")");
  /// Features of a row that a register takes (ParametersOfFeatures), each in a part of it.
  template <class V>
  static constexpr int features_at_once = ComponentsOfFeatures<K, V>::parts;

  template <class V>
  static void forward(V& x, const auto& phi, V& log_det) {
    with_mixture<V>(phi, [&](const auto& m) { forward(m, x, log_det); });
  }
  template <class V>
  static void inverse(V& x, const auto& phi, V& log_det) {
    with_mixture<V>(phi, [&](const auto& m) { inverse(m, x, log_det); });
  }
  template <class V>
  static void backward(const V& x, const auto& phi, V& g, const V& g_log_det, auto&& g_phi) {
    const Mixture<Kernel, K, V> m(phi);
    const auto s = m.at(x);
    auto deep = m.deep(s.f);
    if constexpr (to_unit)
      deep = deep | m.deep(s.F);
    else
      deep = deep | m.thin(s.F) | m.thin(s.S);
    // Shares r of F, S and f, rates a = -d log F / dm_k, b, and what log h' has of x through component k: plain; where
    // sums are deep, from logarithms.
    V r_F[K], r_S[K], r[K], a[K], b[K], slope[K], F = s.F;
    const V by_f = V(1) / s.f, by_F = V(1) / s.F, by_S = V(1) / s.S;
    for (int k = 0; k < K; ++k) {
      r[k] = s.density[k] * by_f;
      r_F[k] = s.below[k] * by_F;
      r_S[k] = s.above[k] * by_S;
      a[k] = s.density[k] * by_F;
      b[k] = s.density[k] * by_S;
    }
    // What has no share takes no part, though its slope may overflow.
    const auto bend = [&](int k) {
      const V score = Kernel::score(m.z(x, k));
      return r[k] * select((r[k] == V(0)) | (score == V(0)), V(0), score * m.inverse_s[k]);
    };
    const auto set_slopes = [&] {
      for (int k = 0; k < K; ++k) slope[k] = to_unit ? bend(k) : bend(k) - a[k] + b[k];
    };
    if (any(deep)) {
      const auto t = m.tail(x);
      const V log_f = m.log_density(x);
      const auto gap = m.lost(t.hazard), left = t.left();
      F = select(deep, exp(t.log_F), F);
      // e^(a - b), 0 where both have run out of range
      const auto ratio = [&](V above, V below) { return select(below == V(-inf<V>), V(0), exp(above - below)); };
      V large_rate[K];
      for (int k = 0; k < K; ++k) {
        const V z = m.z(x, k), log_w = m.weights.log_share(k), log_g = log_w + Kernel::log_density(z) - m.log_s[k];
        const V large = ratio(log_w + Kernel::log_cdf(t.sign * z), t.log_large());
        const V rate = select(gap, ratio(log_g, t.log_small()), t.rate[k]);
        large_rate[k] = ratio(log_g, t.log_large());
        r[k] = select(deep, select(gap, ratio(log_g, log_f), t.rate[k] / t.hazard), r[k]);
        r_F[k] = select(deep, select(left, t.share[k], large), r_F[k]);
        r_S[k] = select(deep, select(left, large, t.share[k]), r_S[k]);
        a[k] = select(deep, select(left, rate, large_rate[k]), a[k]);
        b[k] = select(deep, select(left, large_rate[k], rate), b[k]);
      }
      set_slopes();
      if constexpr (!to_unit) {
        V excess[K];
        excess_over_scores(m, t, x, excess);
        for (int k = 0; k < K; ++k) {
          const V of_tail = select(r[k] == V(0), V(0), r[k] * excess[k]);
          slope[k] = select(deep & ~m.faint(t.hazard), t.sign * (of_tail - large_rate[k]), slope[k]);
          // Where both are infinite, f / S - f / F has the sign of F - S.
          const V lead = t.log_F - t.log_S, apart = select(lead == V(0), V(0), lead * V(inf<V>));
          slope[k] = select((a[k] == V(inf<V>)) & (b[k] == V(inf<V>)), apart, slope[k]);
        }
      }
      for (int k = 0; k < K; ++k) {  // rates and slopes beyond the range of numbers, of which no adjoint has a part
        const auto unused = (to_unit ? g * F : g) == V(0);
        a[k] = select(unused, V(0), a[k]);
        b[k] = select(unused, V(0), b[k]);
        slope[k] = select(g_log_det == V(0), V(0), slope[k]);
      }
    } else
      set_slopes();
    const V A = to_unit ? g * F : g - g_log_det, B = to_unit ? V(0) : -g - g_log_det, C = g_log_det;
    // A row without adjoints, as one without density is, passes nothing on, whatever its shares are.
    const auto idle = (g == V(0)) & (g_log_det == V(0));
    const auto add = [&](int p, V v) { g_phi.add(p, select(idle, V(0), v)); };
    V total(0);
    for (int k = 0; k < K; ++k) {
      const V e = to_unit ? fused(A, a[k], C * slope[k]) : fused(g, a[k] + b[k], C * slope[k]);
      V l = fused(A, r_F[k], C * r[k]);
      if constexpr (!to_unit) l += B * r_S[k];
      total += e;
      const V from_mean = x - m.mean[k];
      add(k, l - (A + B + C) * m.weights.share[k]);
      add(K + k, -e);
      add(2 * K + k, -select(from_mean == V(0), V(0), e * from_mean) - C * r[k]);
    }
    g = select(idle, V(0), total);
  }

 private:
  template <class V>
  static constexpr auto inf = std::numeric_limits<typename V::Scalar>::infinity();

  template <class V>
  static void with_mixture(const auto& phi, auto use) {
    if constexpr (requires { phi.features; })
      use(Mixture<Kernel, K, V, ComponentsOfFeatures<K, V>>(phi));
    else {
      if constexpr (requires { phi.of_one_row(); })
        if (phi.of_one_row()) return use(Mixture<Kernel, K, V, ComponentsOfOneRow<K, V>>(phi));
      use(Mixture<Kernel, K, V>(phi));
    }
  }
  template <class V>
  static void forward(const auto& m, V& x, V& log_det) {
    const auto s = m.at(x);
    if constexpr (to_unit) {
      const auto deep = m.deep(s.F);
      const V F = any(deep) ? select(deep, exp(m.log_tail(x, V(1))), s.F) : s.F;
      log_det += m.log_density(x, s.f);
      x = F;
    } else {
      const auto deep = m.deep(s.f) | m.deep(s.F) | m.deep(s.S);
      V y = log(select(deep, V(1), s.F)) - log(select(deep, V(1), s.S)), l = log(select(deep, V(1), s.f / s.F / s.S));
      if (any(deep)) {
        const auto t = m.tail(x);
        const auto gap = m.lost(t.hazard);
        y = select(deep, t.log_F - t.log_S, y);
        l = select(deep,
                   select(gap, m.log_density(x) - t.log_F - t.log_S, log(select(gap, V(1), t.hazard)) - t.log_large()),
                   l);
      }
      x = y;
      // Where z^2 overflows all logarithms are -inf; y is infinite there and has no density.
      log_det += select(abs(x) == V(inf<V>), V(0), l);
    }
  }
  template <class V>
  static void inverse(const auto& m, V& x, V& log_det) {
    if constexpr (to_unit) {
      keep_inside((x > V(0)) & (x < V(1)), V(0.5), x, log_det);
      const auto left = x < V(0.5);
      const V smaller = select(left, x, V(1) - x);
      x = mixture_quantile(m, left, smaller, log(smaller));
      log_det -= m.log_density(x, m.at(x).f);
      keep_inside(in_range(x), V(0), x, log_det);
    } else {
      const V most(std::numeric_limits<typename V::Scalar>::max() / 4);  // as far as a tail's z^2 / 2 can be followed
      const V y = x;
      const auto infinite = abs(y) == V(inf<V>);
      const V finite = select(infinite, V(0), max(min(y, most), -most));
      x = mixture_quantile(m, finite < V(0), sigmoid(-abs(finite)), log_sigmoid(-abs(finite)));
      x = select(infinite, y, x);
      V slope(0), back = x;
      forward(m, back, slope);
      log_det -= slope;
      keep_inside(infinite | in_range(x), V(0), x, log_det);
    }
  }
  /// Not so at the ends of the widest bracket, where the search for a quantile beyond them ends.
  template <class V>
  static auto in_range(V x) {
    return abs(x) < V(std::numeric_limits<typename V::Scalar>::max() / 2);
  }
};
/// The four of them: K Gaussians or logistics, onto (0, 1) or onto the line.
template <int K>
using GaussianMixtureCdf = MixtureCdf<NormalKernel, K, MixtureOutput::unit>;
template <int K>
using GaussianMixtureLogit = MixtureCdf<NormalKernel, K, MixtureOutput::logit>;
template <int K>
using LogisticMixtureCdf = MixtureCdf<LogisticKernel, K, MixtureOutput::unit>;
template <int K>
using LogisticMixtureLogit = MixtureCdf<LogisticKernel, K, MixtureOutput::logit>;
}  // namespace bijou
