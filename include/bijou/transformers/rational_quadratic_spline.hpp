#pragma once
#include <bijou/core/errors.hpp>
#include <bijou/math/sigmoid.hpp>
#include <bijou/transformers/exp.hpp>
#include <bijou/transformers/exponentials.hpp>

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
  static constexpr int arity = 2 * K + (linear ? K - 1 : K + 1);
  static inline const std::string name =
      text("rational_quadratic_spline(", K, ", [", Low, ", ", High, "]", linear ? ", linear tails" : "", ")");
  static constexpr double least = 1e-3;

  template <class V>
  static void forward(V& x, const auto& phi, V& log_det) {
    const auto inside = in_box(x);
    enter(inside, x, log_det);
    const V at = select(inside, x, V(0.5 * (Low + High)));
    const Bin<V> b = bin(phi, at, Side::x);
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
    const Bin<V> b = bin(phi, at, Side::y);
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
    const Sizes<V> widths(phi, 0), heights(phi, K);
    const Bin<V> b(widths, heights, phi, at, Side::x);
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
  enum class Side { x, y };
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
  static V sized(V share) {
    return fused(share, V((High - Low) * (1 - K * least)), V((High - Low) * least));
  }
  template <class V>
  static V sloped(V raw) {
    return softplus(raw) + V(least);
  }
  /// The raw slope at knot k, moved so that 0 makes slope 1.
  template <class V>
  static V raw_slope(const auto& phi, int k) {
    const V one = static_cast<V>(0.539742417236952);  // softplus^-1(1 - 1/1000)
    if constexpr (linear)
      return k == 0 || k == K ? one : phi[2 * K + k - 1] + one;
    else
      return phi[2 * K + k] + one;
  }

  /// Shares of the box, from the raw numbers p0 .. p0 + K - 1 of phi.
  template <class V>
  struct Sizes {
    V share[K];  // softmax
    Sizes(const auto& phi, int first) {
      V top = phi[first];
      for (int k = 1; k < K; ++k) top = max(top, phi[first + k]);
      exponentials(phi, first, V(1), top, share);
      V total(0);
      for (int k = 0; k < K; ++k) total += share[k];
      const V scale = V(1) / total;
      for (int k = 0; k < K; ++k) share[k] *= scale;
    }
    V size(int k) const { return sized(share[k]); }
  };
  template <class V>
  struct Bin {
    V x0, w, y0, h, s, d0, d1, number;  // number: of the bin, 0 .. K - 1

    /// The bin in which `at` lies, by its x or by its y; the last knot is High itself, whatever the sums round to.
    Bin(const Sizes<V>& widths, const Sizes<V>& heights, const auto& phi, V at, Side side) {
      V x(Low), y(Low);
      number = V(0);
      x0 = x, y0 = y, w = widths.size(0), h = heights.size(0);
      for (int k = 0; k + 1 < K; ++k) {
        x += widths.size(k);
        y += heights.size(k);
        const auto beyond = at >= (side == Side::x ? x : y);
        x0 = select(beyond, x, x0);
        y0 = select(beyond, y, y0);
        w = select(beyond, k + 2 < K ? widths.size(k + 1) : V(High) - x, w);
        h = select(beyond, k + 2 < K ? heights.size(k + 1) : V(High) - y, h);
        number = select(beyond, V(k + 1), number);
      }
      s = h / w;
      d0 = sloped(lower_raw_slope(phi, number));
      d1 = sloped(upper_raw_slope(phi, number));
    }
    /// The same of one row, whose raw numbers lie side by side from p on: what is one lane of K registers there is K
    /// lanes of one here, and the bin is looked up.
    Bin(const typename V::Scalar* p, typename V::Scalar at, Side side) {
      using T = typename V::Scalar;
      T width[padded<T>], height[padded<T>], slope[padded<T>], x[K], y[K];
      sizes_of_row(p, width);
      sizes_of_row(p + K, height);
      for (int k = 0; k <= K; ++k) slope[k] = raw_slope<T>(p, k);
      each_panel<T>(K + 1, [&](Index k, int) { sloped(V::load(slope + k)).store(slope + k); });
      x[0] = y[0] = T(Low);
      int bin = 0;
      for (int k = 1; k < K; ++k) {
        x[k] = x[k - 1] + width[k - 1];
        y[k] = y[k - 1] + height[k - 1];
        bin += at >= (side == Side::x ? x[k] : y[k]);
      }
      const bool last = K > 1 && bin == K - 1;
      x0 = x[bin], w = last ? T(High) - x[bin] : width[bin];
      y0 = y[bin], h = last ? T(High) - y[bin] : height[bin];
      s = h / w, d0 = slope[bin], d1 = slope[bin + 1], number = bin;
    }
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
    /// From the adjoints of the bin's lower knot and of its size to those of the raw sizes: knot k is the sum of the
    /// sizes before it; then back through the softmax.
    void pull_sizes(int first, const Sizes<V>& sizes, V g_knot, V g_size, auto& g_phi) const {
      V g[K], mean(0);
      for (int k = 0; k < K; ++k) {
        g[k] = select(V(k) < number, g_knot, select(number == V(k), g_size, V(0))) * V((High - Low) * (1 - K * least));
        mean = fused(sizes.share[k], g[k], mean);
      }
      for (int k = 0; k < K; ++k) g_phi.add(first + k, sizes.share[k] * (g[k] - mean));
    }
    void pull_slopes(const auto& phi, V g_d0, V g_d1, auto& g_phi) const {
      const V g_r0 = g_d0 * sigmoid(lower_raw_slope(phi, number)), g_r1 = g_d1 * sigmoid(upper_raw_slope(phi, number));
      for (int k = linear ? 1 : 0; k < (linear ? K : K + 1); ++k) {
        g_phi.add(2 * K + k - (linear ? 1 : 0), select(number == V(k), g_r0, select(number == V(k - 1), g_r1, V(0))));
      }
    }
  };
  template <class V>
  static Bin<V> bin(const auto& phi, V at, Side side) {
    if constexpr (requires { phi.of_one_row(); })
      if (phi.of_one_row()) return Bin<V>(phi.p, at[0], side);
    return Bin<V>(Sizes<V>(phi, 0), Sizes<V>(phi, K), phi, at, side);
  }
  /// The raw slopes at the ends of bin `number`.
  template <class V>
  static V lower_raw_slope(const auto& phi, V number) {
    V r = raw_slope<V>(phi, 0);
    for (int k = 1; k < K; ++k) r = select(number == V(k), raw_slope<V>(phi, k), r);
    return r;
  }
  template <class V>
  static V upper_raw_slope(const auto& phi, V number) {
    V r = raw_slope<V>(phi, 1);
    for (int k = 1; k < K; ++k) r = select(number == V(k), raw_slope<V>(phi, k + 1), r);
    return r;
  }
  /// K + 1 numbers in whole registers.
  template <class T>
  static constexpr int padded = (K + Lanes<T>::size) / Lanes<T>::size* Lanes<T>::size;
  /// Sizes of one row's bins: the roundings of Sizes.
  template <class T>
  static void sizes_of_row(const T* p, T (&size)[padded<T>]) {
    using V = Lanes<T>;
    V top(*p);
    each_panel<T>(K, [&](Index k, int count) { top = max(top, V::load(p + k, count)); });
    const V largest(fold<1>(top, [](auto a, auto b) { return max(a, b); }).v);
    each_panel<T>(K, [&](Index k, int count) { exp(V::load(p + k, count) - largest).store(size + k); });
    T total(0);
    for (int k = 0; k < K; ++k) total += size[k];
    const V scale(1 / total);
    each_panel<T>(K, [&](Index k, int) { sized(V::load(size + k) * scale).store(size + k); });
  }
};
template <int K, int Bound = 5>
using RationalQuadraticSpline = RationalQuadratic<K, -Bound, Bound, SplineTails::linear>;
template <int K>
using BoxedRationalQuadraticSpline = RationalQuadratic<K, 0, 1, SplineTails::none>;
}  // namespace bijou
