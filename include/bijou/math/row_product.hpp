#pragma once
#include <bit>

#include <bijou/math/product.hpp>

namespace bijou {
/// Bit k: x[k] is not 0, for k < count <= 64. Whole registers are read.
template <class T>
BIJOU_INLINE std::uint64_t nonzero(const T* x, Index count) {
  std::uint64_t set = 0;
  for (Index k = 0; k < count; k += Lanes<T>::size)
    set |= std::uint64_t(bits(Lanes<T>::load(x + k) != Lanes<T>(0))) << k;
  return count < 64 ? set & ((std::uint64_t(1) << count) - 1) : set;
}
/// visit(k) for the k from `first` to `end` with x[k] not 0, in order. Terms of 0, as half of the units behind a relu
/// are, do not change a sum: their weights need not even be read. Where `all`, they are visited, too.
template <class T>
BIJOU_INLINE void each_nonzero(const T* x, Index first, Index end, bool all, auto visit) {
  if (all) {
    for (; first < end; ++first) visit(first);
    return;
  }
  for (; first < end; first += 64)
    for (auto left = nonzero(x + first, std::min<Index>(end - first, 64)); left; left &= left - 1)
      visit(first + std::countr_zero(left));
}
/// sum += x_k w for registers First to R - 1 of R, whose weights begin at w[at]; the last may be short.
template <int First, int R, class T, int N>
BIJOU_INLINE void add_term(Lanes<T, N> x_k, const T* w, Index at, int count, Lanes<T, N> (&sum)[R]) {
  using V = Lanes<T, N>;
#pragma GCC unroll 8
  for (int r = First; r < R; ++r)
    sum[r] = fused(x_k, r + 1 < R ? V::load(w + (at + r * N)) : V::load(w + (at + r * N), count, V(0)), sum[r]);
}
/// R vectors of columns from column j on; the last may be short.
template <int R, class T>
BIJOU_INLINE void row_columns(Index depth, Index chunk, const T* x, const T* w, Index w_k, const auto& out, Index j,
                              int count) {
  using V = Lanes<T>;
  constexpr int N = V::size;
  // Few weights are read sooner than a loop's end is found that cannot be foreseen.
  const bool all = depth <= 32 && depth * w_k <= 2048;
  V sum[R], total[R] = {};  // total: of the chunks before
#pragma GCC unroll 8
  for (int r = 0; r < R; ++r) sum[r] = out.template start<V>(j + r * N, r + 1 < R ? N : count);
  for (Index first = 0; first < depth; first += chunk) {
    if (first > 0)
#pragma GCC unroll 8
      for (int r = 0; r < R; ++r) total[r] = sum[r], sum[r] = V(0);
    each_nonzero(
        x, first, std::min(depth, first + chunk),
        all, [&](Index k) __attribute__((always_inline)) { add_term<0>(V(x[k]), w, k * w_k + j, count, sum); });
    if (first > 0)
#pragma GCC unroll 8
      for (int r = 0; r < R; ++r) sum[r] = total[r] + sum[r];
  }
#pragma GCC unroll 8
  for (int r = 0; r < R; ++r) out.finish(j + r * N, r + 1 < R ? N : count, sum[r]);
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
/// in a batch. in_order: of terms in a single chunk, and in no phases. x may be read for one vector register past its
/// end (a Buffer allows it).
template <class T>
void multiply_row(Index columns, Index depth, const T* x, const T* w, const auto out, auto in_order) {
  constexpr int N = Lanes<T>::size;
  if constexpr (!in_order && product_phases < T >> 1) {
    if (columns == 2) return row_phases<2, T>(depth, x, w, out);
    if (columns == 1) return row_phases<1, T>(depth, x, w, out);
  }
  const Index chunk = in_order ? std::max<Index>(depth, 1) : product_chunk;
  Index j = 0;
  if constexpr (!in_order)
    for (; j + 7 * N < columns; j += 8 * N)
      row_columns<8>(depth, chunk, x, w, columns, out, j, int(std::min<Index>(N, columns - j - 7 * N)));
  for (; j + 3 * N < columns; j += 4 * N)
    row_columns<4>(depth, chunk, x, w, columns, out, j, int(std::min<Index>(N, columns - j - 3 * N)));
  for (; j + N < columns; j += 2 * N)
    row_columns<2>(depth, chunk, x, w, columns, out, j, int(std::min<Index>(N, columns - j - N)));
  if (j < columns) row_columns<1>(depth, chunk, x, w, columns, out, j, int(columns - j));
}
}  // namespace bijou
