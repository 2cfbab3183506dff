#pragma once
#include <bijou/math/log_sum_exp.hpp>
#include <bijou/transformers/bracketed_newton.hpp>
#include <bijou/transformers/exponentials.hpp>
#include <bijou/transformers/mixture_kernel.hpp>

namespace bijou {
/// K components in a transformer's phi = (K logits of w, K means, K log s), and sums over them:
///     F(x) = sum_k w_k G((x - m_k) / s_k),   S = 1 - F,   f = F'
/// Plain sums are made with one exponential a component. Lanes in which a sum is too small for its parts to be exact
/// are deep; there the same sums hold as logarithms.
template <class Kernel, int K, class V>
struct Mixture {
  using T = typename V::Scalar;
  V w[K], mean[K], inverse_s[K], log_s[K];

  explicit Mixture(const auto& phi) {
    for (int k = 0; k < K; ++k) logit_[k] = phi[k];
    top_ = logit_[0];
    for (int k = 1; k < K; ++k) top_ = max(top_, logit_[k]);
    exponentials(phi, 0, V(1), top_, w);
    exponentials(phi, 2 * K, V(-1), V(0), inverse_s);
    total_ = V(0);
    for (int k = 0; k < K; ++k) total_ += w[k];
    const V share = V(1) / total_;
    for (int k = 0; k < K; ++k) {
      w[k] *= share;
      // phi = 0 is a spread-out mixture
      mean[k] = phi[K + k] + V(2. * (2 * k + 1 - K) / K);
      log_s[k] = phi[2 * K + k];
    }
    steepest = inverse_s[0];
    for (int k = 1; k < K; ++k) steepest = max(steepest, inverse_s[k]);
  }
  V steepest;  // the largest 1 / s
  V z(V x, int k) const { return (x - mean[k]) * inverse_s[k]; }

  /// Each component's share of F, S and f, and these; F only to within a rounding of 1.
  struct Sums {
    V below[K], above[K], density[K], F = V(0), S = V(0), f = V(0);
  };
  Sums at(V x) const {
    Sums s;
    for (int k = 0; k < K; ++k) {
      const V u = z(x, k);
      V tail, density;
      Kernel::tail_and_density(abs(u), tail, density);
      const auto left = u < V(0);
      s.below[k] = w[k] * select(left, tail, V(1) - tail);
      s.above[k] = w[k] * select(left, V(1) - tail, tail);
      s.density[k] = w[k] * inverse_s[k] * density;
      s.F += s.below[k];
      s.S += s.above[k];
      s.f += s.density[k];
    }
    s.F = select(s.F > V(1), V(1), s.F);
    s.S = select(s.S > V(1), V(1), s.S);
    return s;
  }
  /// Where a plain sum may have lost parts below the range of numbers. NaN is deep.
  auto deep(V sum) const { return ~((sum > V(smallest)) & (steepest < V(steep))); }
  /// Where a sum of hazards has left the range of numbers. Narrow components alone are no reason: the logarithms that
  /// take its place are as large as z^2 / 2.
  auto lost(V hazard) const { return ~((hazard > V(smallest)) & (hazard < V(std::numeric_limits<T>::max()))); }

  V log_w(int k) const { return logit_[k] - (top_ + log(total_)); }
  V log_cdf(V x) const {
    return log_sum(x, [](V u, int) { return Kernel::log_cdf(u); });
  }
  V log_survival(V x) const {
    return log_sum(x, [](V u, int) { return Kernel::log_cdf(-u); });
  }
  V log_density(V x) const {
    return log_sum(x, [this](V u, int k) { return Kernel::log_density(u) - log_s[k]; });
  }

  /// The smaller of F and S where a plain sum is deep. Its logarithm is as large as z^2 / 2, and that of f as well:
  /// their difference would keep no digits, so f is made from it by the components' hazards g / (1 - G).
  struct Tail {
    V sign, log_F, log_S;                // sign: 1 where S is the smaller, -1 where F is
    V share[K], rate[K], hazard = V(0);  // parts of it, w_k g_k / s_k by it, and their sum
    auto left() const { return sign < V(0); }
    V log_small() const { return select(left(), log_F, log_S); }
    V log_large() const { return select(left(), log_S, log_F); }
  };
  Tail tail(V x) const {
    Tail t;
    t.log_F = log_cdf(x), t.log_S = log_survival(x);
    t.sign = select(t.log_F < t.log_S, V(-1), V(1));
    V top, total(0);
    for (int k = 0; k < K; ++k) {
      t.share[k] = logit_[k] + Kernel::log_cdf(-t.sign * z(x, k));
      top = k == 0 ? t.share[k] : max(top, t.share[k]);
    }
    for (int k = 0; k < K; ++k) total += t.share[k] = exp(t.share[k] - top);
    for (int k = 0; k < K; ++k) {
      t.share[k] /= total;
      t.rate[k] = t.share[k] * Kernel::hazard(t.sign * z(x, k)) * inverse_s[k];
      t.hazard += t.rate[k];
    }
    return t;
  }

  /// The x with F(x) = below, log_below its logarithm, where that is the smaller of the two, else with S(x) = above:
  /// Newton's method on the logarithm, inside the components' own quantiles, between which a mixture's quantile lies.
  V quantile(V below, V above, V log_below, V log_above) const {
    const auto left = log_below < log_above;
    const V target = select(left, below, above), log_target = select(left, log_below, log_above);
    const V sign = select(left, V(1), V(-1)), q = sign * Kernel::quantile(log_target);
    const V big(std::numeric_limits<T>::max() / 2);  // a quantile beyond it stays there: a bracket has to be finite
    const auto within = [&](V x) { return max(min(x, big), -big); };
    // q is right to 1e-2 of itself or, close to 0, to 1e-3.
    const V slack = fused(V(0.02), abs(q), V(2e-3));
    V low, high, start(0);
    for (int k = 0; k < K; ++k) {
      const V s = min(V(1) / inverse_s[k], big), own = within(fused(q, s, mean[k])), down = within(own - slack * s),
              up = within(own + slack * s);
      low = k == 0 ? down : select(down < low, down, low);
      high = k == 0 ? up : select(up > high, up, high);
      start = fused(w[k], own, start);
    }
    const V pad = V(1e-3) * (abs(low) + abs(high));
    low -= pad;
    high += pad;
    start = select(start < low, low, select(start > high, high, start));
    const V noise = V(std::numeric_limits<T>::epsilon() / 4) * abs(log_target);

    const auto far = deep(target);
    V x = start;
    if (!all(far)) {
      const V reach = V(small_step) / steepest;
      const auto root = bracketed_newton(
          start, low, high, noise,
          [&](V at) {
            V sum(0), density(0);
            for (int k = 0; k < K; ++k) {
              const V u = sign * z(at, k);
              V tail, d;
              Kernel::tail_and_density(abs(u), tail, d);
              sum = fused(w[k], select(u < V(0), tail, V(1) - tail), sum);
              density = fused(w[k] * inverse_s[k], d, density);
            }
            return std::pair{sign * log(sum / target), density / sum};
          },
          reach, far);
      x = root.x;
    }
    if (any(far)) {
      const auto root = bracketed_newton(
          start, low, high, noise,
          [&](V at) {
            const V log_tail = log_sum(at, [&](V u, int) { return Kernel::log_cdf(sign * u); });
            return std::pair{sign * (log_tail - log_target), exp(log_density(at) - log_tail)};
          },
          V(0), ~far);
      x = select(far, root.x, x);
    }
    return x;
  }

 private:
  static constexpr T smallest = std::is_same_v<T, float> ? T(1e-25) : T(1e-250);
  static constexpr T steep = std::is_same_v<T, float> ? T(1e8) : T(1e30);
  /// In units of s. The error that Newton's step leaves is about its square: below a rounding of s.
  static constexpr T small_step = std::is_same_v<T, float> ? T(1e-4) : T(4e-9);
  V logit_[K], top_, total_;

  V log_sum(V x, auto term) const {
    V terms[K];
    for (int k = 0; k < K; ++k) terms[k] = logit_[k] + term(z(x, k), k);
    return log_sum_exp(terms, K) - (top_ + log(total_));
  }
};
}  // namespace bijou
