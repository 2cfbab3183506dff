#pragma once
#include <bijou/core/errors.hpp>
#include <bijou/transformers/exp.hpp>
#include <bijou/transformers/spline_bins.hpp>

namespace bijou {
/// What a spline does outside its box.
enum class SplineTails { linear, none };

/// Monotone rational-quadratic spline of K bins from the box [Low, High] to itself. In a bin of width w, height h,
/// slope s = h / w, end slopes d0 and d1, with t = (x - x0) / w, u = t (1 - t):
///     y = y0 + h (s t^2 + d0 u) / q,  q = s + (d0 + d1 - 2 s) u,   log h' = log(s^2 (d1 t^2 + 2 s u + d0 (1 - t)^2) /
///     q^2)
/// phi = K widths, K heights, then the slopes at the inner knots (linear tails: the identity outside, slope 1 at the
/// ends) or at all K + 1 (no tails: outside the box log h' is -inf). Widths and heights are softmax, at least 1/1000 of
/// the box; slopes softplus, at least 1/1000; phi = 0 is the identity. Source: Durkan et al. 2019, Neural spline flows,
/// eqs. 4-8. arXiv:1906.04032
template <int K, int Low, int High, SplineTails Tails>
struct RationalQuadratic {
  static_assert(K >= 1 && K < 1000, "RationalQuadraticSpline: 1 to 999 bins, each at least 1/1000 of the box");
  static_assert(Low < High, "RationalQuadraticSpline: an empty box");
  static constexpr bool linear = Tails == SplineTails::linear;
  static constexpr int arity = SplineBins<K, Low, High, linear>::parameters;
  static inline const std::string name =
      text("rational_quadratic_spline(", K, ", [", Low, ", ", High, "]", linear ? ", linear tails" : "", ")");

  template <class V>
  static void forward(V& x, const auto& phi, V& log_det) {
    const auto inside = in_box(x);
    enter(inside, x, log_det);
    const V at = select(inside, x, V(0.5 * (Low + High)));
    const Curve<V> b = Bins::bin(phi, at, Side::x);
    const V t = b.position(at);
    const V y = fused(b.h, b.numerator(t) / b.denominator(t), b.y0);
    log_det += select(inside, b.log_slope(t), V(0));
    x = select(inside, y, x);
  }
  template <class V>
  static void inverse(V& y, const auto& phi, V& log_det) {
    const auto inside = in_box(y);
    enter(inside, y, log_det);
    const V at = select(inside, y, V(0.5 * (Low + High)));
    const Curve<V> b = Bins::bin(phi, at, Side::y);
    const V v = at - b.y0, bend = b.d0 + b.d1 - V(2) * b.s;
    // a t^2 + m t + c = 0; the root in the form that does not cancel. The discriminant may round below 0.
    const V a = fused(v, bend, b.h * (b.s - b.d0)), m = fused(-v, bend, b.h * b.d0), c = -b.s * v;
    const V root = sqrt(max(fused(m, m, V(-4) * a * c), V(0)));
    const V t = min(max(select(m >= V(0), V(-2) * c / (m + root), (root - m) / (V(2) * a)), V(0)), V(1));
    log_det -= select(inside, b.log_slope(t), V(0));
    y = select(inside, fused(t, b.w, b.x0), y);
  }
  template <class V>
  static void backward(const V& x, const auto& phi, V& g, const V& g_log_det, auto&& g_phi) {
    const auto inside = in_box(x);
    const V at = select(inside, x, V(0.5 * (Low + High))), g_y = select(inside, g, V(0)),
            g_l = select(inside, g_log_det, V(0));
    const typename Bins::template Sizes<V> widths(phi, 0), heights(phi, K);
    const Curve<V> b(typename Curve<V>::Bin(widths, heights, phi, at, Side::x));
    const V t = b.position(at), u = t * (V(1) - t), r = V(1) - t;
    const V numerator = b.numerator(t), q = b.denominator(t), m = b.curve(t), bend = b.d0 + b.d1 - V(2) * b.s;
    const V g_n = g_y * b.h / q, g_q = -(g_n * numerator + V(2) * g_l) / q, g_m = g_l / m;
    const V g_u = g_n * b.d0 + g_q * bend + V(2) * g_m * b.s;
    const V g_s = V(2) * g_l / b.s + g_n * t * t + g_q * (V(1) - V(2) * u) + V(2) * g_m * u;
    const V g_d0 = g_n * u + g_q * u + g_m * r * r, g_d1 = g_q * u + g_m * t * t;
    const V g_t = V(2) * (g_n * b.s * t + g_m * (b.d1 * t - b.d0 * r)) + g_u * (V(1) - V(2) * t);
    const V g_x = g_t / b.w, g_w = -(g_s * b.s + g_t * t) / b.w, g_h = g_y * numerator / q + g_s / b.w;
    b.pull_sizes(0, widths, -g_x, g_w, g_phi);
    b.pull_sizes(K, heights, g_y, g_h, g_phi);
    b.pull_slopes(phi, g_d0, g_d1, g_phi);
    g = select(inside, g_x, linear ? g : V(0));
  }

 private:
  using Bins = SplineBins<K, Low, High, linear>;
  using Side = typename Bins::Side;
  template <class V>
  static auto in_box(V x) {
    if constexpr (linear)
      return (x > V(Low)) & (x < V(High));
    else
      return (x >= V(Low)) & (x <= V(High));
  }
  template <class V>
  static void enter(auto inside, V& x, V& log_det) {
    if constexpr (!linear) keep_inside(inside, V(0.5 * (Low + High)), x, log_det);
  }

  template <class V>
  struct Curve : Bins::template Bin<V> {
    using Bin = typename Bins::template Bin<V>;
    using Bin::x0, Bin::w, Bin::s, Bin::d0, Bin::d1;
    Curve(Bin b) : Bin(b) {}
    V position(V x) const { return min(max((x - x0) / w, V(0)), V(1)); }
    V numerator(V t) const { return t * fused(s, t, d0 * (V(1) - t)); }
    V denominator(V t) const { return fused(d0 + d1 - V(2) * s, t * (V(1) - t), s); }
    V curve(V t) const {
      const V r = V(1) - t;
      return fused(d1 * t, t, fused(V(2) * s * t, r, d0 * r * r));
    }
    V log_slope(V t) const {
      const V q = s / denominator(t);
      return log(curve(t) * q * q);
    }
  };
};
template <int K, int Bound = 5>
using RationalQuadraticSpline = RationalQuadratic<K, -Bound, Bound, SplineTails::linear>;
template <int K>
using BoxedRationalQuadraticSpline = RationalQuadratic<K, 0, 1, SplineTails::none>;
}  // namespace bijou
