#pragma once
#include <array>

#include <bijou/math/log.hpp>
#include <bijou/transformers/mixture_kernel.hpp>
#include <bijou/transformers/softmax.hpp>

namespace bijou {
/// K components in a transformer's phi = (K logits of w, K means, K log s), and sums over them:
///     F(x) = sum_k w_k G((x - m_k) / s_k),   S = 1 - F,   f = F'
/// Plain sums are made with one exponential a component. Lanes in which a sum is too small for its parts to be exact
/// are deep; there the same sums hold as logarithms. `C` says how the components lie in registers.
template <class Kernel, int K, class V, class C = ComponentsOfRows<K, V>>
struct Mixture {
  using T = typename V::Scalar;
  using Values = typename C::Values;
  static constexpr int registers = C::registers;
  Softmax<K, V, C> weights;
  Values mean, inverse_s, log_s;

  explicit Mixture(const auto& phi) : weights(phi, 0) {
    for (int r = 0; r < registers; ++r) {
      mean[r] = C::load(phi, K, r) + C::constants(offsets, r);
      log_s[r] = C::load(phi, 2 * K, r);
    }
    if constexpr (C::a_register_each)
      exponentials(phi, 2 * K, V(-1), V(0), inverse_s);
    else
      for (int r = 0; r < registers; ++r) inverse_s[r] = exp(-log_s[r]);
    steepest = C::reduce(inverse_s, [](auto a, auto b) { return larger(b, a); });
  }
  V steepest;  // the largest 1 / s
  /// 0 at the mean, also of a component so narrow that 1 / s is infinite.
  V z(V x, int k) const {
    const V off = x - mean[k];
    return select(off == V(0), V(0), off * inverse_s[k]);
  }

  /// A component's tail and density at |u|: 0 where a sum of such parts would be deep anyway. Their products would be
  /// too small for normal numbers, over which processors stumble.
  BIJOU_INLINE static void tail_and_density(V u, V& tail, V& density) {
    constexpr T end = std::is_same_v<T, float> ? T(Kernel::end_of_float) : T(Kernel::end_of_double);
    const V a = abs(u);
    const auto beyond = a > V(end);
    Kernel::tail_and_density(select(beyond, V(end), a), tail, density);
    tail = select(beyond, V(0), tail), density = select(beyond, V(0), density);
  }
  /// Each component's share of F, S and f, and these; F only to within a rounding of 1.
  struct Sums {
    Values below, above, density;
    V F, S, f;
  };
  BIJOU_INLINE Sums at(V x) const {
    Sums s;
    Values below, above, density, rate;
#pragma GCC unroll 8
    for (int r = 0; r < registers; ++r) {
      const V u = z(x, r);
      V tail;
      tail_and_density(u, tail, density[r]);
      const auto left = u < V(0);
      below[r] = select(left, tail, V(1) - tail);
      above[r] = select(left, V(1) - tail, tail);
      rate[r] = weights.share[r] * inverse_s[r];
      s.below[r] = weights.share[r] * below[r];
      s.above[r] = weights.share[r] * above[r];
      s.density[r] = rate[r] * density[r];
    }
    // Fused on purpose: sums of the products might be or not, as the compiler likes.
    s.F = C::dot(weights.share, below), s.S = C::dot(weights.share, above), s.f = C::dot(rate, density);
    s.F = select(s.F > V(1), V(1), s.F);
    s.S = select(s.S > V(1), V(1), s.S);
    return s;
  }
  /// Where a plain sum may have lost parts: below the range of numbers, or those that tail_and_density leaves out,
  /// which count by 1 / s in f and by 1 / s^2 in its slope. NaN is deep.
  auto deep(V sum) const {
    const V by_s = larger(steepest, V(1));
    return ~((sum > V(smallest) * by_s * by_s) & (steepest < V(steep)));
  }
  /// Where a sum is a tail so thin that hazards and scores of its components cancel.
  auto thin(V sum) const { return ~((sum > V(1e-6)) & (steepest < V(steep))); }
  /// Where a sum of hazards has left the range of numbers. Narrow components alone are no reason: the logarithms that
  /// take its place are as large as z^2 / 2.
  auto lost(V hazard) const { return faint(hazard) | ~(hazard < V(std::numeric_limits<T>::max())); }
  /// Where it has left it at the lower end.
  auto faint(V hazard) const { return ~(hazard > V(smallest)); }

  /// log F where sign is 1, log S where it is -1.
  V log_tail(V x, V sign) const {
    return log_sum(x, [&](V u, int) { return Kernel::log_cdf(sign * u); });
  }
  V log_density(V x) const {
    return log_sum(x, [this](V u, int k) { return Kernel::log_density(u) - log_s[k]; });
  }
  /// The same, from the plain sum where that is not deep.
  V log_density(V x, V f) const {
    const auto lost = deep(f);
    const V plain = log(select(lost, V(1), f));
    return any(lost) ? select(lost, log_density(x), plain) : plain;
  }

  /// The smaller of F and S where a plain sum is deep. Its logarithm is as large as z^2 / 2, and that of f as well:
  /// their difference would keep no digits, so f is made from it by the components' hazards g / (1 - G).
  struct Tail {
    V sign, log_F, log_S;  // sign: 1 where S is the smaller, -1 where F is
    Values share, rate;    // parts of it, w_k g_k / s_k by it
    V hazard;              // and their sum
    auto left() const { return sign < V(0); }
    V log_small() const { return select(left(), log_F, log_S); }
    V log_large() const { return select(left(), log_S, log_F); }
  };
  Tail tail(V x) const {
    Tail t;
    t.log_F = log_tail(x, V(1)), t.log_S = log_tail(x, V(-1));
    t.sign = select(t.log_F < t.log_S, V(-1), V(1));
    for (int r = 0; r < registers; ++r) t.share[r] = weights.log_power(r) + Kernel::log_cdf(-t.sign * z(x, r));
    const V top = C::reduce(t.share, largest);
    for (int r = 0; r < registers; ++r) t.share[r] = exp(t.share[r] - top);
    const V total = C::sum(t.share);
    for (int r = 0; r < registers; ++r) {
      t.share[r] /= total;
      t.rate[r] = t.share[r] * Kernel::hazard(t.sign * z(x, r)) * inverse_s[r];
    }
    t.hazard = C::sum(t.rate);
    return t;
  }

 private:
  static constexpr T smallest = std::is_same_v<T, float> ? T(1e-25) : T(1e-250);
  static constexpr T steep = std::is_same_v<T, float> ? T(1e8) : T(1e30);
  // phi = 0 is a spread-out mixture
  static constexpr std::array<T, std::size_t(K)> offsets = [] {
    std::array<T, std::size_t(K)> o{};
    for (int k = 0; k < K; ++k) o[std::size_t(k)] = T(2. * (2 * k + 1 - K) / K);
    return o;
  }();
  static constexpr auto largest = [](auto a, auto b) { return max(a, b); };

  /// As log_sum_exp.
  V log_sum(V x, auto term) const {
    Values terms;
    for (int r = 0; r < registers; ++r) terms[r] = weights.log_power(r) + term(z(x, r), r);
    const V top = C::reduce(terms, largest);
    const V shift = select(abs(top) == V(std::numeric_limits<T>::infinity()), V(0), top);
    for (int r = 0; r < registers; ++r) terms[r] = exp(terms[r] - shift);
    return shift + log(C::sum(terms)) - log(weights.total);
  }
};
}  // namespace bijou
