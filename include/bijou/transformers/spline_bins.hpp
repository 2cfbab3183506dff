#pragma once
#include <bijou/math/sigmoid.hpp>
#include <bijou/transformers/softmax.hpp>

namespace bijou {
/// The K bins of a monotone spline from the box [Low, High] to itself, made from phi = K raw widths, K raw heights, raw
/// slopes at the inner knots (Linear: slope 1 at the ends) or at all of them. Widths and heights are softmax, at least
/// 1/1000 of the box; slopes softplus, at least 1/1000. phi = 0: the identity. Source: Durkan et al. 2019, sec. 3.1.
template <int K, int Low, int High, bool Linear>
struct SplineBins {
  static constexpr int parameters = 2 * K + (Linear ? K - 1 : K + 1);
  enum class Side { x, y };
  template <class V>
  using Sizes = Softmax<K, V>;

  /// One bin a row: lower knot (x0, y0), width, height, slope s = h / w, slopes at its ends, number 0 .. K - 1.
  template <class V>
  struct Bin {
    V x0, w, y0, h, s, d0, d1, number;

    /// The bin in which `at` lies, by its x or by its y; the last knot is High itself, whatever the sums round to.
    Bin(const Sizes<V>& widths, const Sizes<V>& heights, const auto& phi, V at, Side side) {
      V x(Low), y(Low);
      number = V(0);
      x0 = x, y0 = y, w = sized(widths.share[0]), h = sized(heights.share[0]);
      for (int k = 0; k + 1 < K; ++k) {
        x += sized(widths.share[k]);
        y += sized(heights.share[k]);
        const auto beyond = at >= (side == Side::x ? x : y);
        x0 = select(beyond, x, x0);
        y0 = select(beyond, y, y0);
        w = select(beyond, k + 2 < K ? sized(widths.share[k + 1]) : V(High) - x, w);
        h = select(beyond, k + 2 < K ? sized(heights.share[k + 1]) : V(High) - y, h);
        number = select(beyond, V(k + 1), number);
      }
      s = h / w;
      d0 = sloped(raw_slope(phi, number, 0));
      d1 = sloped(raw_slope(phi, number, 1));
    }
    /// The same of one row, with the same bits: what is a lane of K registers there is K lanes of one here, and the
    /// bin is looked up.
    Bin(const auto& phi, typename V::Scalar at, Side side) {
      using T = typename V::Scalar;
      constexpr int padded = (K + V::size) / V::size * V::size;
      T width[padded], height[padded], slope[padded] = {}, x[K], y[K];
      using C = ComponentsOfOneRow<K, V>;
      const Softmax<K, V, C> widths(phi, 0), heights(phi, K);
      for (int r = 0; r < C::registers; ++r) {
        sized(widths.share[r]).store(width + r * V::size);
        sized(heights.share[r]).store(height + r * V::size);
      }
      for (int k = 0; k <= K; ++k) slope[k] = raw_slope(phi, k)[0];
      for (int k = 0; k <= K; k += V::size) sloped(V::load(slope + k)).store(slope + k);
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
    /// From the adjoints of the bin's lower knot and of its size to those of the raw sizes: knot k is the sum of the
    /// sizes before it; then back through the softmax.
    void pull_sizes(int first, const Sizes<V>& sizes, V g_knot, V g_size, auto& g_phi) const {
      V g[K], mean(0);
      for (int k = 0; k < K; ++k) {
        g[k] = select(V(k) < number, g_knot, select(number == V(k), g_size, V(0))) * V(shared);
        mean = fused(sizes.share[k], g[k], mean);
      }
      for (int k = 0; k < K; ++k) g_phi.add(first + k, sizes.share[k] * (g[k] - mean));
    }
    void pull_slopes(const auto& phi, V g_d0, V g_d1, auto& g_phi) const {
      const V g_r0 = g_d0 * sigmoid(raw_slope(phi, number, 0)), g_r1 = g_d1 * sigmoid(raw_slope(phi, number, 1));
      for (int k = Linear ? 1 : 0; k < (Linear ? K : K + 1); ++k)
        g_phi.add(2 * K + k - (Linear ? 1 : 0), select(number == V(k), g_r0, select(number == V(k - 1), g_r1, V(0))));
    }
  };
  template <class V>
  static Bin<V> bin(const auto& phi, V at, Side side) {
    if constexpr (requires { phi.of_one_row(); })
      if (phi.of_one_row()) return Bin<V>(phi, at[0], side);
    return Bin<V>(Sizes<V>(phi, 0), Sizes<V>(phi, K), phi, at, side);
  }

 private:
  static constexpr double least = 1e-3, shared = (High - Low) * (1 - K * least);
  template <class V>
  static V sized(V share) {
    return fused(share, V(shared), V((High - Low) * least));
  }
  template <class V>
  static V sloped(V raw) {
    return softplus(raw) + V(least);
  }
  /// The raw slope at knot k, moved so that 0 makes slope 1.
  static auto raw_slope(const auto& phi, int k) {
    using V = std::remove_cvref_t<decltype(phi[0])>;
    const V one(0.539742417236952);  // softplus^-1(1 - 1/1000)
    if constexpr (Linear)
      return k == 0 || k == K ? one : phi[2 * K + k - 1] + one;
    else
      return phi[2 * K + k] + one;
  }
  /// At the lower (end = 0) or the upper end (1) of each row's bin.
  template <class V>
  static V raw_slope(const auto& phi, V number, int end) {
    V r = raw_slope(phi, end);
    for (int k = 1; k < K; ++k) r = select(number == V(k), raw_slope(phi, k + end), r);
    return r;
  }
};
}  // namespace bijou
