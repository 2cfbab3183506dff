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

  /// Numbers that forward can note for backward_from, one a row each.
  static constexpr int notes = SplineBins<K, Low, High, linear>::notes;

  template <class V>
  static void forward(V& x, const auto& phi, V& log_det, const Notes<typename V::Scalar>& note = {}) {
    const auto inside = in_box(x);
    enter(inside, x, log_det);
    const V at = select(inside, x, V(0.5 * (Low + High)));
    const Curve<V> b(Bins::bin(phi, at, Side::x, note));
    const V t = b.position(at), q = b.denominator(t);
    const V y = fused(b.h, b.numerator(t) / q, b.y0);
    log_det += select(inside, b.log_slope(t, q), V(0));
    x = select(inside, y, x);
  }
  template <class V>
  static void inverse(V& y, const auto& phi, V& log_det) {
    const auto inside = in_box(y);
    enter(inside, y, log_det);
    const V at = select(inside, y, V(0.5 * (Low + High)));
    const Curve<V> b(Bins::bin(phi, at, Side::y));
    const V v = at - b.y0;
    // a t^2 + m t + c = 0; the root in the form that does not cancel. The discriminant may round below 0.
    const V a = fused(v, b.bend, b.h * (b.s - b.d0)), m = fused(-v, b.bend, b.h * b.d0), c = -b.s * v;
    const V root = sqrt(max(fused(m, m, V(-4) * a * c), V(0)));
    const auto direct = m >= V(0);
    const V t = unit(select(direct, V(-2) * c, root - m) / select(direct, m + root, V(2) * a));
    log_det -= select(inside, b.log_slope(t, b.denominator(t)), V(0));
    y = select(inside, fused(t, b.w, b.x0), y);
  }
  template <class V>
  static void backward(const V& x, const auto& phi, V& g, const V& g_log_det, auto&& g_phi) {
    typename V::Scalar numbers[notes * V::size];
    const Notes<typename V::Scalar> note{numbers, nullptr, notes, V::size, V::size};
    Bins::bin(phi, select(in_box(x), x, V(0.5 * (Low + High))), Side::x, note);
    backward_from(note, x, g, g_log_det, g_phi);
  }
  /// backward with the notes of forward. They are read before g_phi's numbers are added that lie in the same or in
  /// later places.
  template <class V>
  static void backward_from(const Notes<typename V::Scalar>& note, const V& x, V& g, const V& g_log_det, auto&& g_phi) {
    const auto inside = in_box(x);
    const V at = select(inside, x, V(0.5 * (Low + High))), g_y = select(inside, g, V(0)),
            g_l = select(inside, g_log_det, V(0));
    const Curve<V> b(Bins::template noted<V>(note));
    const V t = b.position(at), r = V(1) - t, u = t * r, q = b.denominator(t), q_inverse = V(1) / q,
            w_inverse = V(1) / b.w, v = b.numerator(t) * q_inverse;
    const V g_n = g_y * b.h * q_inverse, g_m = g_l / b.curve(t), g_2l = V(2) * g_l, g_2m = V(2) * g_m,
            g_q = -fused(g_n, v, g_2l * q_inverse);
    const V g_u = fused(g_n, b.d0, fused(g_q, b.bend, g_2m * b.s));
    const V g_s = fused(g_n * t, t, fused(g_q, fused(V(-2), u, V(1)), fused(g_2m, u, g_2l / b.s)));
    const V slope = fused(b.d1, t, -b.d0 * r);
    const V g_t = fused(V(2) * g_n * b.s, t, fused(g_2m, slope, g_u * fused(V(-2), t, V(1))));
    const V g_x = g_t * w_inverse;
    Bins::pull(note, b,
               {.x0 = -g_x,
                .w = -fused(g_s, b.s, g_t * t) * w_inverse,
                .y0 = g_y,
                .h = fused(g_y, v, g_s * w_inverse),
                .d0 = fused(g_m * r, r, (g_n + g_q) * u),
                .d1 = fused(g_m * t, t, g_q * u)},
               g_phi);
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

  /// t in [0, 1], NaN as it is.
  template <class V>
  static V unit(V t) {
    return select(t < V(0), V(0), select(t > V(1), V(1), t));
  }
  template <class V>
  struct Curve : Bins::template Bin<V> {
    using Bin = typename Bins::template Bin<V>;
    using Bin::x0, Bin::w, Bin::d0, Bin::d1;
    V s, bend;
    explicit Curve(const Bin& b) : Bin(b), s(b.h / w), bend(fused(V(-2), s, d0 + d1)) {}
    V position(V x) const { return unit((x - x0) / w); }
    V numerator(V t) const { return t * fused(s, t, d0 * (V(1) - t)); }
    V denominator(V t) const { return fused(bend, t * (V(1) - t), s); }
    V curve(V t) const {
      const V r = V(1) - t;
      return fused(d1 * t, t, fused(V(2) * s * t, r, d0 * r * r));
    }
    V log_slope(V t, V q) const {
      const V p = s / q;
      return log(curve(t) * p * p);
    }
  };
};
template <int K, int Bound = 5>
using RationalQuadraticSpline = RationalQuadratic<K, -Bound, Bound, SplineTails::linear>;
template <int K>
using BoxedRationalQuadraticSpline = RationalQuadratic<K, 0, 1, SplineTails::none>;
}  // namespace bijou
