#pragma once
#include <bijou/core/buffer.hpp>
#include <bijou/math/product.hpp>
#include <bijou/math/transpose.hpp>

namespace bijou {
/// c[k c_k + j] += sum_r a[r + k a_k] g[r + j g_j] for G columns of g, or without the factor where g is nullptr: a
/// register's worth of sums at once, which are folded together.
template <int G = 1, class T>
void add_dots(Index n, Index columns, const T* a, Index a_k, const T* g, Index g_j, T* c, Index c_k) {
  using V = Lanes<T>;
  constexpr int N = V::size, width = N / G;
  const auto block = [&](Index k, auto count) {
    V sums[N] = {};
    each_panel<T>(n, [&](Index r, int rows) {
      V y[G];
      for (int j = 0; j < G; ++j) y[j] = g ? V::load(g + r + j * g_j, rows, V(0)) : V(1);
      const T* from = a + r + k * a_k;
#pragma GCC unroll 16
      for (int i = 0; i < width; ++i, from += a_k)
        if (i < count) {
          const V x = V::load(from, rows, V(0));
          for (int j = 0; j < G; ++j) sums[i * G + j] = fused(x, y[j], sums[i * G + j]);
        }
    });
    const V total = lane_sums(sums);
    if (T* const to = c + k * c_k; c_k == G)
      (V::load(to, count * G, V(0)) + total).store(to, count * G);
    else
      for (int i = 0; i < count; ++i) to[i * c_k] += total[i];
  };
  Index k = 0;
  for (; k + width <= columns; k += width) block(k, std::integral_constant<int, width>{});
  if (k < columns) block(k, int(columns - k));
}

/// Whether vectors run along the rows: where columns are too few to fill them.
inline bool few_columns(Index a_count, Index g_count) { return g_count <= 4 || a_count <= 2; }
/// Sums over n rows of A and G, columns n apart:  w[k g_count + j] += sum_r a[r + k n] g[r + j n]. Where columns are
/// not few, from `terms`: of G turned row by row with A. Act is not applied: with that of a layer's
/// adjoints, both are the same product, compiled once.
template <class Act, class T>
void add_outer_product(Index n, Index a_count, const T* a, Index g_count, const T* g, const auto& terms, T* w) {
  if (!few_columns(a_count, g_count))
    multiply(g_count, a_count, terms, AddTo<T, Act>{w, g_count});
  else if (g_count <= a_count) {
    if constexpr (Lanes<T>::size > 1)
      if (g_count == 2) return add_dots<2>(n, a_count, a, n, g, n, w, g_count);
    for (Index j = 0; j < g_count; ++j) add_dots(n, a_count, a, n, g + j * n, n, w + j, g_count);
  } else {
    for (Index k = 0; k < a_count; ++k) add_dots(n, g_count, g, n, a + k * n, n, w + k * g_count, Index(1));
  }
}
}  // namespace bijou
