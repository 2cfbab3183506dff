#pragma once
#include <bijou/math/product.hpp>

namespace bijou {
/// R vectors of columns from column j on, for `chunks` chunks of terms side by side, so that one sum need not wait for
/// the other. The last may be short.
template <int R, int Chunks, class T>
BIJOU_INLINE void row_block(Index first, Index depth, auto chunk, const T* x, const T* w, Index w_k,
                            Lanes<T> (&total)[R], Index j, int count) {
  using V = Lanes<T>;
  constexpr int N = V::size;
  V sum[Chunks][R];
  const auto add = [&](Index k, int c) {
    const T* const from = w + (k + c * chunk) * w_k + j;
    const V x_k(x[k + c * chunk]);
#pragma GCC unroll 4
    for (int r = 0; r < R; ++r)
      sum[c][r] = fused(x_k, r + 1 < R ? V::load(from + r * N) : V::load(from + r * N, count, V(0)), sum[c][r]);
  };
  for (int c = 0; c < Chunks; ++c)
    for (int r = 0; r < R; ++r) sum[c][r] = first + c == 0 ? total[r] : V(0);
  const Index end = std::min(depth, first + Chunks * chunk), all = end - (Chunks - 1) * chunk;
  Index k = first;
  for (; k < all; ++k)
#pragma GCC unroll 4
    for (int c = 0; c < Chunks; ++c) add(k, c);
  for (; k < first + chunk && Chunks > 1; ++k)
#pragma GCC unroll 4
    for (int c = 0; c + 1 < Chunks; ++c) add(k, c);
  for (int c = 0; c < Chunks; ++c)
    for (int r = 0; r < R; ++r) total[r] = first + c == 0 ? sum[c][r] : total[r] + sum[c][r];
}
template <int R, class T>
BIJOU_INLINE void row_columns(Index depth, auto chunk, const T* x, const T* w, Index w_k, const auto& out, Index j,
                              int count) {
  using V = Lanes<T>;
  constexpr int N = V::size;
  V total[R];
#pragma GCC unroll 4
  for (int r = 0; r < R; ++r) total[r] = out.template start<V>(j + r * N, r + 1 < R ? N : count);
  Index k = 0;
  if constexpr (R <= 2) {
    for (; k + 3 * chunk < depth; k += 4 * chunk) row_block<R, 4>(k, depth, chunk, x, w, w_k, total, j, count);
    for (; k + chunk < depth; k += 2 * chunk) row_block<R, 2>(k, depth, chunk, x, w, w_k, total, j, count);
  }
  for (; k < depth; k += chunk) row_block<R, 1>(k, depth, chunk, x, w, w_k, total, j, count);
#pragma GCC unroll 4
  for (int r = 0; r < R; ++r) out.finish(j + r * N, r + 1 < R ? N : count, total[r]);
}
/// One or two columns: a register holds one term of every phase.
template <int Columns, class T>
BIJOU_INLINE void row_phases(Index depth, const T* x, const T* w, const auto& out) {
  constexpr int phases = product_phases<T>, N = phases * Columns;
  using V = Lanes<T, N>;
  V sum = out.template start<V>(0, Columns);
  const auto spread = [](Lanes<T, phases> a) {
    V b;
    b.v = [&]<int... I>(std::integer_sequence<int, I...>) {
      return __builtin_shufflevector(a.v, a.v, (I / Columns)...);
    }
    (std::make_integer_sequence<int, N>{});
    return b;
  };
  using X = Lanes<T, phases>;
  Index k = 0;
  for (; k + phases <= depth; k += phases) sum = fused(V::load(w + k * Columns), spread(X::load(x + k)), sum);
  if (const int rest = int(depth - k))
    sum = fused(V::load(w + k * Columns, rest * Columns, V(0)), spread(X::load(x + k, rest, X(0))), sum);
  out.finish(0, Columns, fold<Columns>(sum, [](auto a, auto b) { return a + b; }));
}

/// The same for one row x: out(j) <- out.start(j) + sum_k x[k] w[k columns + j]. Lanes behind the last column must
/// start from 0. Vectors run along the columns; each sum has the order, and so the bits, that multiply gives that row
/// in a batch. in_order: of terms in a single chunk, and in no phases.
template <class T>
void multiply_row(Index columns, Index depth, const T* x, const T* w, const auto out, auto in_order) {
  constexpr int N = Lanes<T>::size;
  if constexpr (!in_order && product_phases < T >> 1) {
    if (columns == 2) return row_phases<2, T>(depth, x, w, out);
    if (columns == 1) return row_phases<1, T>(depth, x, w, out);
  }
  const auto chunk = [&] {
    if constexpr (in_order)
      return depth;
    else
      return std::integral_constant<Index, product_chunk>{};
  }();
  Index j = 0;
  for (; j + 3 * N < columns; j += 4 * N)
    row_columns<4>(depth, chunk, x, w, columns, out, j, int(std::min<Index>(N, columns - j - 3 * N)));
  for (; j + N < columns; j += 2 * N)
    row_columns<2>(depth, chunk, x, w, columns, out, j, int(std::min<Index>(N, columns - j - N)));
  if (j < columns) row_columns<1>(depth, chunk, x, w, columns, out, j, int(columns - j));
}
}  // namespace bijou
