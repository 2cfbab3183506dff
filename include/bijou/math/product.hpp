#pragma once
#include <bijou/core/lanes.hpp>
#include <bijou/core/shapes.hpp>

// Products of a batch with a matrix of weights, C = start + A B. An element of C is the same chain of roundings in
// every product: alone, in a batch, wherever a block of rows or columns ends.
//   More than two columns: the first 64 terms are added to the start one after another; so are the next 64, from
//   zero, and so on; the chunks are then added up in order.
//   One or two columns, whose chain would be waited for: 2 phases of a register's half, term k to phase k mod phases,
//   then half of the phases to the other half until one is left.
namespace bijou {
/// Columns whose sums stay in registers together: two vectors of rows times so many columns fill the register file.
inline constexpr int product_columns = vector_bytes == 64 ? 8 : 4;
inline constexpr Index product_chunk = 64;
template <class T>
inline constexpr int product_phases = Lanes<T>::size > 2 ? Lanes<T>::size / 2 : 1;

/// C += A B, or C = A B where C is fresh: what a product starts from and where its sums go. Columns of C are c_j apart.
template <class T>
struct AddTo {
  T* c;
  Index c_j;
  bool fresh = false;
  AddTo column(Index j) const { return {c + j * c_j, c_j, fresh}; }
  BIJOU_INLINE void next() { c += c_j; }
  template <class V>
  BIJOU_INLINE V start(Index r, int count) const {
    return fresh ? V(0) : V::load(c + r, count);
  }
  template <class V>
  BIJOU_INLINE void finish(Index r, int count, V sum) const {
    sum.store(c + r, count);
  }
};

/// R vectors of rows from row r on times J columns from column j on.
template <int R, int J, int Phases, class T, int N>
BIJOU_INLINE void product_block(Index depth, const T* a, Index a_k, const T* b, auto b_k, auto b_j, const auto& out,
                                Index j0, Index r0, int count) {
  using V = Lanes<T, N>;
  V sum[Phases][J][R], total[J][R];
  a += r0;
  b += j0 * b_j;
  const auto each_sum = [&](auto visit) {
    auto column = out.column(j0);
#pragma GCC unroll 12
    for (int j = 0; j < J; ++j, column.next())
#pragma GCC unroll 4
      for (int r = 0; r < R; ++r) visit(sum[0][j][r], column, r0 + r * N, r + 1 < R || count == N ? N : count);
  };
  const auto add = [&](Index k, int phase) {
    V x[R];
#pragma GCC unroll 4
    for (int r = 0; r < R; ++r) x[r] = V::load(a + k * a_k + r * N);
#pragma GCC unroll 12
    for (int j = 0; j < J; ++j) {
      const V w(b[k * b_k + j * b_j]);
#pragma GCC unroll 4
      for (int r = 0; r < R; ++r) sum[phase][j][r] = fused(w, x[r], sum[phase][j][r]);
    }
  };
  each_sum([](V& s, const auto& column, Index r, int n) { s = column.template start<V>(r, n); });
  if constexpr (Phases == 1) {
    Index end = std::min(depth, product_chunk);
    for (Index k = 0; k < end; ++k) add(k, 0);
    while (end < depth) {
#pragma GCC unroll 12
      for (int j = 0; j < J; ++j)
#pragma GCC unroll 4
        for (int r = 0; r < R; ++r) total[j][r] = sum[0][j][r], sum[0][j][r] = V(0);
      const Index first = end;
      end = std::min(depth, end + product_chunk);
      for (Index k = first; k < end; ++k) add(k, 0);
#pragma GCC unroll 12
      for (int j = 0; j < J; ++j)
#pragma GCC unroll 4
        for (int r = 0; r < R; ++r) sum[0][j][r] = total[j][r] + sum[0][j][r];
    }
  } else {
    for (int p = 1; p < Phases; ++p)
      for (int j = 0; j < J; ++j)
        for (int r = 0; r < R; ++r) sum[p][j][r] = V(0);
    Index k = 0;
    for (; k + Phases <= depth; k += Phases)
#pragma GCC unroll 12
      for (int p = 0; p < Phases; ++p) add(k + p, p);
#pragma GCC unroll 12
    for (int p = 0; p < Phases; ++p)
      if (k + p < depth) add(k + p, p);
#pragma GCC unroll 4
    for (int half = Phases / 2; half; half /= 2)
      for (int p = 0; p < half; ++p)
        for (int j = 0; j < J; ++j)
          for (int r = 0; r < R; ++r) sum[p][j][r] += sum[p + half][j][r];
  }
  each_sum([](V& s, const auto& column, Index r, int n) { column.finish(r, n, s); });
}
/// One or two columns: their phases fill the registers.
template <class T, int N>
void product_of_few(Index columns, Index depth, const T* a, Index a_k, const T* b, auto b_k, auto b_j, const auto& out,
                    Index r, int count) {
  constexpr int phases = product_phases<T>;
  if (columns == 2) product_block<1, 2, phases, T, N>(depth, a, a_k, b, b_k, b_j, out, 0, r, count);
  if (columns == 1) product_block<1, 1, phases, T, N>(depth, a, a_k, b, b_k, b_j, out, 0, r, count);
}
template <int R, class T, int N>
void product_rows(Index columns, Index depth, const T* a, Index a_k, const T* b, auto b_k, auto b_j, const auto& out,
                  Index r, int count) {
  constexpr int J = product_columns;
  if (columns <= 2) {
    for (int i = 0; i < R; ++i)
      product_of_few<T, N>(columns, depth, a, a_k, b, b_k, b_j, out, r + i * N, i + 1 < R ? N : count);
    return;
  }
  Index j = 0;
  if constexpr (J == 8 && R == 2 && fixed_value<decltype(b_j)> == 1)  // 12 fit, if one pointer finds them all in B
    if (columns >= 12 && columns % 8 >= 4) {
      product_block<R, 12, 1, T, N>(depth, a, a_k, b, b_k, b_j, out, j, r, count);
      j += 12;
    }
  for (; j + J <= columns; j += J) product_block<R, J, 1, T, N>(depth, a, a_k, b, b_k, b_j, out, j, r, count);
  if constexpr (J > 4 && R > 1)
    for (; j + 4 <= columns; j += 4) product_block<R, 4, 1, T, N>(depth, a, a_k, b, b_k, b_j, out, j, r, count);
  if constexpr (R > 1)
    for (; j + 2 <= columns; j += 2) product_block<R, 2, 1, T, N>(depth, a, a_k, b, b_k, b_j, out, j, r, count);
  for (; j < columns; ++j) product_block<R, 1, 1, T, N>(depth, a, a_k, b, b_k, b_j, out, j, r, count);
}

/// out(r, j) <- start(r, j) + sum_k a[r + k a_k] b[k b_k + j b_j],  r < rows, j < columns, k < depth.
/// The strides b_k and b_j may be compile-time constants (Eigen::fix).
/// A may be read for one vector register past its end (a Buffer allows it). Nothing is allocated.
template <class T>
void multiply(Index rows, Index columns, Index depth, const T* a, Index a_k, const T* b, auto b_k, auto b_j,
              const auto& out) {
  constexpr int N = Lanes<T>::size;
  Index r = 0;
  for (; r + N < rows; r += 2 * N)
    product_rows<2, T, N>(columns, depth, a, a_k, b, b_k, b_j, out, r, int(std::min<Index>(N, rows - r - N)));
  if (r < rows) product_rows<1, T, N>(columns, depth, a, a_k, b, b_k, b_j, out, r, int(rows - r));
}
}  // namespace bijou
