#pragma once
#include <bijou/core/buffer.hpp>
#include <bijou/math/product.hpp>
#include <bijou/math/transpose.hpp>

namespace bijou {
/// K columns of A with J columns of G: c[k c_k + j] += sum_r a[r + k a_k] g[r + j g_j], one register of rows after
/// another.
template <int K, int J, class T>
BIJOU_INLINE void dot_block(Index n, const T* a, Index a_k, const T* g, Index g_j, T* c, Index c_k, Index c_j) {
  using V = Lanes<T>;
  V sum_of[K][J] = {};
  const auto add = [&](Index r, int count) {
    V x[K];
#pragma GCC unroll 4
    for (int k = 0; k < K; ++k) x[k] = V::load(a + r + k * a_k, count, V(0));
#pragma GCC unroll 2
    for (int j = 0; j < J; ++j) {
      const V y = V::load(g + r + j * g_j, count, V(0));
#pragma GCC unroll 4
      for (int k = 0; k < K; ++k) sum_of[k][j] = fused(x[k], y, sum_of[k][j]);
    }
  };
  Index r = 0;
  for (; r + V::size <= n; r += V::size) add(r, V::size);
  if (r < n) add(r, int(n - r));
  for (int k = 0; k < K; ++k)
    for (int j = 0; j < J; ++j) c[k * c_k + j * c_j] += sum(sum_of[k][j]);
}
/// The same for any number of columns, a few at a time.
template <class T>
void add_dots(Index n, Index ks, const T* a, Index a_k, Index js, const T* g, Index g_j, T* c, Index c_k, Index c_j) {
  Index j = 0;
  const auto run = [&]<int J>(std::integral_constant<int, J>) {
    Index k = 0;
    for (; k + 4 <= ks; k += 4) dot_block<4, J>(n, a + k * a_k, a_k, g + j * g_j, g_j, c + k * c_k + j * c_j, c_k, c_j);
    for (; k < ks; ++k) dot_block<1, J>(n, a + k * a_k, a_k, g + j * g_j, g_j, c + k * c_k + j * c_j, c_k, c_j);
  };
  for (; j + 2 <= js; j += 2) run(std::integral_constant<int, 2>{});
  if (j < js) run(std::integral_constant<int, 1>{});
}

/// Sums over n rows of A (columns a_k apart) and G (columns n apart):
///     w[k g_count + j] += sum_r a[r + k a_k] g[r + j n],   b[j] += sum_r g[r + j n];   w or b may be nullptr.
/// `turned` is scratch: vectors run along G's columns where there are many, along the rows where there are few.
template <class T>
void add_outer_product(Index n, Index a_count, const T* a, Index a_k, Index g_count, const T* g, T* w, T* b,
                       Buffer<T>& turned) {
  const bool few = g_count <= 4 || a_count <= 2;
  if (!few && (w || b)) {
    turned.resize(g_count, n);
    transpose(n, g_count, g, n, turned.data(), b);
    if (w) multiply(g_count, a_count, n, turned.data(), g_count, a, Eigen::fix<1>, a_k, AddTo<T>{w, g_count});
    return;
  }
  if (w && g_count <= a_count)
    add_dots(n, a_count, a, a_k, g_count, g, n, w, g_count, Index(1));
  else if (w)
    add_dots(n, g_count, g, n, a_count, a, a_k, w, Index(1), g_count);
  if (b)
    for (Index j = 0; j < g_count; ++j) {
      using V = Lanes<T>;
      V total(0);
      each_panel<T>(n, [&](Index r, int count) { total += V::load(g + r + j * n, count, V(0)); });
      b[j] += sum(total);
    }
}
}  // namespace bijou
