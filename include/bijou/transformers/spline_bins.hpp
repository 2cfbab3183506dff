#pragma once
#include <bijou/autodiff/notes.hpp>
#include <bijou/math/log.hpp>
#include <bijou/transformers/softmax.hpp>

namespace bijou {
/// The K bins of a monotone spline from the box [Low, High] to itself, made from phi = K raw widths, K raw heights, raw
/// slopes at the inner knots (Linear: slope 1 at the ends) or at all of them. Widths and heights are softmax, at least
/// 1/1000 of the box; slopes softplus, at least 1/1000. phi = 0: the identity. Source: Durkan et al. 2019, sec. 3.1.
template <int K, int Low, int High, bool Linear>
struct SplineBins {
  static constexpr int inner = Linear ? 1 : 0, slopes = K + 1 - 2 * inner, parameters = 2 * K + slopes;
  enum class Side { x, y };

  /// One bin a row: lower knot (x0, y0), width, height and the slopes at its ends; or their adjoints.
  template <class V>
  struct Bin {
    V x0, w, y0, h, d0, d1;
  };
  /// What backward wants to know again: the 2 K powers of the sizes, then these.
  enum Note { x0 = 2 * K, w, y0, h, d0, d1, decay0, decay1, number, width_scale, height_scale, notes };

  template <class V>
  using NotesOf = Notes<typename V::Scalar, parameters>;

  /// The bin in which `at` lies, by its x or by its y; the last knot is High itself, whatever the sums round to. Leaves
  /// notes (of a bin by x) for pull, if they are wanted.
  template <class V>
  static Bin<V> bin(const auto& phi, V at, Side side, const NotesOf<V>& note = {}) {
    using T = typename V::Scalar;
    if constexpr (requires { phi.of_one_row(); }) {
      if constexpr (V::size > 1)
        if (phi.of_one_row() && !note) return bin_of_one_row(phi, at, side);
      if (phi.whole_panel()) return bin_of_panel(Columns<V>{phi.p, phi.stride}, at, side, note);
    }
    if constexpr (requires { phi.features; }) {
      return bins_of_features(phi, at, side);
    } else if constexpr (on_lanes<V>) {
      alignas(64) T columns[parameters * V::size];
      for (int i = 0; i < parameters; ++i) phi[i].store(columns + i * V::size);
      return bin_of_panel(Columns<V>{columns, V::size}, at, side, note);
    } else {
      return bin_of_panel(phi, at, side, note);
    }
  }
  template <class V>
  static Bin<V> noted(const NotesOf<V>& note) {
    return {note[x0], note[w], note[y0], note[h], note[d0], note[d1]};
  }

  /// From the adjoints of the bin to those of phi. Knot k is the sum of the sizes before it, and softmax takes from
  /// each size's adjoint their mean, which the knot and the size of the bin tell:
  ///     raw_k_ = share_k (size_k_ - sum_j share_j size_j_),  size_k_ = the knot's before the bin, the size's in it, 0
  ///     behind
  template <class V>
  static void pull(const NotesOf<V>& note, const Bin<V>& at, const Bin<V>& g, auto& g_phi) {
    const V n = note[number], r0 = g.d0 * logistic(note[decay0]), r1 = g.d1 * logistic(note[decay1]);
    const SizeAdjoint<V> widths(note[width_scale], at.x0, at.w, g.x0, g.w, n),
        heights(note[height_scale], at.y0, at.h, g.y0, g.h, n);
    auto reached = n >= V(0);
    for (int k = 0; k < K; ++k) {
      const auto passed = n >= V(k + 1);
      const V power = note[k], other = note[K + k];
      g_phi.add(k, power * select(passed, widths.before, select(reached, widths.here, widths.behind)));
      g_phi.add(K + k, other * select(passed, heights.before, select(reached, heights.here, heights.behind)));
      reached = passed;
    }
    for (int k = inner; k <= K - inner; ++k)
      g_phi.add(2 * K + k - inner, select(n == V(k), r0, select(n == V(k - 1), r1, V(0))));
  }

 private:
  static constexpr double least = 1e-3, smallest = (High - Low) * least, shared = (High - Low) * (1 - K * least);
  static constexpr double even = 0.539742417236952;  // softplus^-1(1 - 1/1000): moves raw 0 to slope 1

  template <class V>
  struct SizeAdjoint {
    V before, here, behind;
    SizeAdjoint(V scale, V knot, V size, V g_knot, V g_size, V number) {
      const V below = fused(-number, V(smallest), knot - V(Low));
      const V mean = fused(g_knot, below, g_size * (size - V(smallest))) * V(1 / shared);
      before = scale * (g_knot - mean);
      here = scale * (g_size - mean);
      behind = -scale * mean;
    }
  };
  template <class V>
  struct Columns {
    const typename V::Scalar* p;
    Index stride;
    V operator[](int i) const { return V::load(p + i * stride); }
  };
  template <class V>
  static Bin<V> bin_of_panel(const auto& phi, V at, Side side, const NotesOf<V>& note) {
    // `a` is the side on which the bin is looked for, `b` the other one.
    const int first = side == Side::x ? 0 : K;
    const Powers<K, V> a(phi, first), b(phi, K - first);
    const V a_scale = V(shared) / a.total, b_scale = V(shared) / b.total;
    V a_knot(Low), b_knot(Low), a_size = sized(a.power[0], a_scale), b_size = sized(b.power[0], b_scale);
    V a0 = a_knot, a_width = a_size, b0 = b_knot, b_width = b_size, bin(0), r0 = raw_slope(phi, 0, V(0)),
      r1 = raw_slope(phi, 1, V(0));
    if (K == 1) a_width = b_width = V(High - Low);
    for (int k = 1; k < K; ++k) {
      a_knot += a_size;
      b_knot += b_size;
      const auto beyond = at >= a_knot;
      a_size = k + 1 < K ? sized(a.power[k], a_scale) : V(High) - a_knot;
      b_size = k + 1 < K ? sized(b.power[k], b_scale) : V(High) - b_knot;
      a0 = select(beyond, a_knot, a0);
      b0 = select(beyond, b_knot, b0);
      a_width = select(beyond, a_size, a_width);
      b_width = select(beyond, b_size, b_width);
      r0 = select(beyond, raw_slope(phi, k, V(0)), r0);
      r1 = select(beyond, raw_slope(phi, k + 1, V(0)), r1);
      bin = select(beyond, V(k), bin);
    }
    r0 += V(even);
    r1 += V(even);
    const V e0 = exp_of_negative(-abs(r0)), e1 = exp_of_negative(-abs(r1)), s0 = sloped(r0, e0), s1 = sloped(r1, e1);
    if constexpr (on_lanes<V>)
      if (note) {
        for (int k = 0; k < K; ++k) note.set(k, a.power[k]), note.set(K + k, b.power[k]);
        const V found[] = {a0, a_width, b0, b_width, s0, s1, copysign(e0, r0), copysign(e1, r1), bin, a_scale, b_scale};
        for (int i = x0; i < notes; ++i) note.set(i, found[i - x0]);
      }
    if (side == Side::x) return {a0, a_width, b0, b_width, s0, s1};
    return {b0, b_width, a0, a_width, s0, s1};
  }
  /// The same of one row, with the same bits: what is a lane of K registers there is K lanes of one here, and the bin
  /// is looked up.
  template <class V>
  static Bin<V> bin_of_one_row(const auto& phi, V point, Side side) {
    using T = typename V::Scalar;
    using W = RegisterOf<K, V>;
    using C = ComponentsOfOneRow<K, W>;
    const T at = point[0];
    // Places for whole registers. slope[K] is that of the last knot, and at Linear's ends they are the same.
    constexpr int sizes = C::registers * W::size, ends = (slopes + inner + V::size - 1) / V::size * V::size;
    alignas(64) T width[sizes], height[sizes], slope[V::size + ends];
    const Powers<K, W, C> widths(phi, 0), heights(phi, K);
    const W x_scale = W(shared) / widths.total, y_scale = W(shared) / heights.total;
    for (int r = 0; r < C::registers; ++r) {
      sized(widths.power[r], x_scale).store(width + r * W::size);
      sized(heights.power[r], y_scale).store(height + r * W::size);
    }
    T* const slope_of_inner = slope + V::size;
    for (int k = 0; k < slopes + inner; k += V::size) {
      const V raw = V::load(phi.p + 2 * K + k, std::min(V::size, slopes - k), V(0)) + V(even);
      sloped(raw, exp_of_negative(-abs(raw))).store(slope_of_inner + k);
    }
    T* const slope_of_knot = slope_of_inner - inner;
    if (Linear) slope_of_knot[0] = slope_of_knot[K];
    T x[K], y[K];
    x[0] = y[0] = T(Low);
    int bin = 0;
    for (int k = 1; k < K; ++k) {
      x[k] = x[k - 1] + width[k - 1];
      y[k] = y[k - 1] + height[k - 1];
      bin += at >= (side == Side::x ? x[k] : y[k]);
    }
    width[K - 1] = T(High) - x[K - 1];
    height[K - 1] = T(High) - y[K - 1];
    return {x[bin], width[bin], y[bin], height[bin], slope_of_knot[bin], slope_of_knot[bin + 1]};
  }
  /// The same of several features of a row, a lane each.
  template <class V>
  static Bin<V> bins_of_features(const auto& phi, V at, Side side) {
    auto all = bin_of_one_row(phi.of(0), V(at[0]), side);
    for (int i = 1; i < phi.features; ++i) {
      const auto one = bin_of_one_row(phi.of(i), V(at[i]), side);
      const auto from = numbered<typename V::Scalar>() >= V(i);
      all = {select(from, one.x0, all.x0), select(from, one.w, all.w),   select(from, one.y0, all.y0),
             select(from, one.h, all.h),   select(from, one.d0, all.d0), select(from, one.d1, all.d1)};
    }
    return all;
  }
  template <class V>
  static V sized(V power, V scale) {
    return fused(power, scale, V(smallest));
  }
  /// log(1 + e^raw) + least, e = e^-|raw|. 1 + e or its half is near 1, as the logarithm wants it.
  template <class V>
  static V sloped(V raw, V e) {
    const V positive = larger(V(0), raw) + V(least);
    if constexpr (!on_lanes<V>)
      return positive + log(V(1) + e);
    else if constexpr (V::size == 1)
      return positive + log1p(e);
    else {
      const auto half = e > V(std::numbers::sqrt2 - 1);
      return positive + lanes::log_of_split(select(half, V(1), V(0)), select(half, V(0.5) * e - V(0.5), e), V(0));
    }
  }
  /// 1 / (1 + e^-raw) of e^-|raw| with raw's sign.
  template <class V>
  static V logistic(V decay) {
    return select(copysign(V(1), decay) < V(0), -decay, V(1)) / (V(1) + abs(decay));
  }
  /// The raw slope at knot k; 0 at the ends where they are linear.
  template <class V>
  static V raw_slope(const auto& phi, int k, V end) {
    return Linear && (k == 0 || k == K) ? end : phi[2 * K + k - inner];
  }
};
}  // namespace bijou
