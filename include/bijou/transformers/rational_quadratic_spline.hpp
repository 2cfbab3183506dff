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
/// the box; slopes softplus, at least 1/1000; phi = 0 is the identity. Where a bin is so steep that log h' leaves the
/// range of numbers on the way, it is -inf in both directions.
/// Source: Durkan et al. 2019, Neural spline flows, eqs. 4-8. arXiv:1906.04032
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
  using NotesOf = Notes<typename V::Scalar, arity>;
  /// Features of a row that a register takes (ParametersOfFeatures), a lane each.
  template <class V>
  static constexpr int features_at_once = V::size;

  template <class V>
  static void forward(V& x, const auto& phi, V& log_det, const NotesOf<V>& note = {}) {
    const auto inside = in_box(x);
    enter(inside, x, log_det);
    const V at = select(inside, x, V(Low));
    const Curve<V> b(Bins::bin(phi, at, Side::x, note));
    const V from = b.position(at), to = b.w - from, q = b.denominator(from, to);
    const V y = fused(b.h, b.numerator(from, to) / q, b.y0), l = b.log_slope(from, to, q);
    log_det += select(inside, l, V(0));
    x = select(inside, y, x);
    keep_in_range(inside & b.lost(l), x, log_det);
  }
  template <class V>
  static void inverse(V& y, const auto& phi, V& log_det) {
    const auto inside = in_box(y);
    enter(inside, y, log_det);
    const V at = select(inside, y, V(Low));
    const Curve<V> b(Bins::bin(phi, at, Side::y));
    const V v = at - b.y0;
    // w^2 (a t^2 + m t + c) = 0; the root in the form that does not cancel. The discriminant may round below 0.
    const V a = fused(v, b.bend, b.h * (b.h - b.rise0)), m = fused(-v, b.bend, b.h * b.rise0), c = -b.h * v;
    const V root = sqrt(max(fused(m, m, V(-4) * a * c), V(0)));
    const auto direct = m >= V(0);
    const V t = select(direct, V(-2) * c, root - m) / select(direct, m + root, V(2) * a);
    const V share = larger(V(0), smaller(V(1), t)), from = share * b.w, to = b.w - from;
    const V l = b.log_slope(from, to, b.denominator(from, to));
    log_det -= select(inside, l, V(0));
    y = select(inside, fused(share, b.w, b.x0), y);
    keep_in_range(inside & b.lost(l), y, log_det);
  }
  template <class V>
  static void backward(const V& x, const auto& phi, V& g, const V& g_log_det, auto&& g_phi) {
    alignas(64) typename V::Scalar numbers[notes * V::size];
    const auto note = NotesOf<V>::own(numbers);
    Bins::bin(phi, select(in_box(x), x, V(Low)), Side::x, note);
    backward_from(note, x, g, g_log_det, g_phi);
  }
  /// backward with the notes of forward. They are read before g_phi's numbers are added that lie in the same or in
  /// later places.
  template <class V>
  static void backward_from(const NotesOf<V>& note, const V& x, V& g, const V& g_log_det, auto&& g_phi) {
    const auto inside = in_box(x);
    const V at = select(inside, x, V(Low)), g_y = select(inside, g, V(0)), g_l = select(inside, g_log_det, V(0));
    const Curve<V> b(Bins::template noted<V>(note));
    const V w_inverse = V(1) / b.w, from = b.position(at), t = from * w_inverse, r = (b.w - from) * w_inverse,
            u = t * r;
    const V s = b.h * w_inverse, bend = b.bend * w_inverse, q = fused(bend, u, s), q_inverse = V(1) / q,
            v = t * fused(s, t, b.d0 * r) * q_inverse;
    const V curve = fused(b.d1 * t, t, fused(V(2) * s * t, r, b.d0 * r * r));
    const V g_n = g_y * b.h * q_inverse, g_m = g_l / curve, g_2l = V(2) * g_l, g_2m = V(2) * g_m,
            g_q = -fused(g_n, v, g_2l * q_inverse);
    const V g_u = fused(g_n, b.d0, fused(g_q, bend, g_2m * s));
    const V g_s = fused(g_n * t, t, fused(g_q, fused(V(-2), u, V(1)), fused(g_2m, u, g_2l / s)));
    const V slope = fused(b.d1, t, -b.d0 * r);
    const V g_t = fused(V(2) * g_n * s, t, fused(g_2m, slope, g_u * (r - t)));
    const V g_x = g_t * w_inverse;
    Bins::pull(note, b,
               {.x0 = -g_x,
                .w = -fused(g_s, s, g_t * t) * w_inverse,
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
  static constexpr double centre = 0.5 * (Low + High);
  template <class V>
  static constexpr auto inf = std::numeric_limits<typename V::Scalar>::infinity();
  template <class V>
  static auto in_box(V x) {
    if constexpr (linear)
      return (x > V(Low)) & (x < V(High));
    else
      return (x >= V(Low)) & (x <= V(High));
  }
  template <class V>
  static void enter(auto inside, V& x, V& log_det) {
    if constexpr (!linear) keep_inside(inside, V(centre), x, log_det);
  }
  /// A branch, as x would else wait for the logarithm.
  template <class V>
  static void keep_in_range(auto lost, V& x, V& log_det) {
    if (!any(lost)) return;
    x = select(lost, V(centre), x);
    log_det = select(lost, V(-inf<V>), log_det);
  }

  /// The curve in a bin, everything times w^3 so that a point needs no division of its own: from and to, its distances
  /// to the lower and the upper knot, are w t and w (1 - t).
  template <class V>
  struct Curve : Bins::template Bin<V> {
    using Bin = typename Bins::template Bin<V>;
    using Bin::x0, Bin::w, Bin::h;
    V rise0, rise1, bend;
    explicit Curve(const Bin& b)
        : Bin(b), rise0(b.d0 * w), rise1(b.d1 * w), bend(fused(V(-2), h, fused(b.d1, w, rise0))) {}
    V position(V x) const {
      const V from = x - x0;
      return smaller(w, from);
    }
    V numerator(V from, V to) const { return from * fused(h, from, rise0 * to); }
    V denominator(V from, V to) const { return fused(bend, from * to, h * w * w); }
    V log_slope(V from, V to, V q) const {
      const V curve = fused(rise1 * from, from, fused(V(2) * h * from, to, rise0 * to * to)), p = h / q;
      return log(curve * w * p * p);
    }
    /// Where log h' = l is none, though the bin is made of numbers. bend is NaN if any of these is, else infinite at
    /// most.
    auto lost(V l) const { return ~(abs(l) < V(inf<V>)) & (bend == bend); }
  };
};
/// K bins on [-Bound, Bound]^2, the identity outside.
template <int K, int Bound = 5>
using RationalQuadraticSpline = RationalQuadratic<K, -Bound, Bound, SplineTails::linear>;
/// K bins on the unit square; no density outside.
template <int K>
using BoxedRationalQuadraticSpline = RationalQuadratic<K, 0, 1, SplineTails::none>;
}  // namespace bijou
