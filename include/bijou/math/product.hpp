#pragma once
#include <array>

#include <bijou/core/lanes.hpp>
#include <bijou/core/shapes.hpp>

// Products of a batch with a matrix of weights, C = start + A B. An element of C is the same chain of roundings in
// every product: alone, in a batch, wherever a block of rows or columns ends.
//   The first 64 terms are added to the start one after another; so are the next 64, from zero, and so on; the chunks
//   are then added up in order. (Terms may ask for other chunks.)
//   One or two columns, whose chain would be waited for, in phases: term k to phase k mod phases, then half of the
//   phases to the other half until one is left.
namespace bijou {
/// Columns whose sums stay in registers together: two vectors of rows times so many columns fill the register file.
inline constexpr int product_columns = vector_bytes == 64 ? 8 : 4;
inline constexpr Index product_chunk = 64;
/// Sums under way in each column of a product; they are added at the end, so it is part of the order of summation.
template <class T>
inline constexpr int product_phases = Lanes<T>::size > 2 ? Lanes<T>::size / 2 : 1;

/// Whether twelve columns at once, and then eights, are best: one pointer finds their factors.
template <class Terms>
inline constexpr bool fits_twelve = product_columns == 8 && Terms::adjacent;

/// p, of which the compiler knows no more: where a product goes to is else worked out before its terms, and sixteen
/// addresses are carried through them in vector registers.
template <class T>
BIJOU_INLINE T* unforeseen(T* p) {
  asm("" : "+r"(p));
  return p;
}
/// The factors of a term are fetched so many terms before it: a processor does not foresee where they lie when the
/// steps between them are long, and would wait for its second-level cache. Eight columns leave the time for it.
inline constexpr Index terms_ahead = 16;
template <int Columns>
BIJOU_INLINE void fetch(const auto* factor) {
  if constexpr (Columns >= 8) __builtin_prefetch(factor);
}
/// The terms a[r + k a_k] b[k b_k + j], k < depth, of element (r, j), in chunks of so many. A may be read for one
/// vector register past its end (a Buffer allows it).
template <class T>
struct Terms {
  using Scalar = T;
  Index depth;
  const T* a;
  Index a_k;
  const T* b;
  Index b_k;
  Index chunk = product_chunk;
  static constexpr bool adjacent = true;  // one pointer finds the k-th factor of every column
  /// at(k, j): the k-th factor of column j0 + j.
  template <int Columns>
  BIJOU_INLINE auto factors(Index j0) const {
    return [from = b + j0, step = b_k](Index k, int j) {
      if (j == 0) fetch<Columns>(from + (k + terms_ahead) * step);
      return from[k * step + j];
    };
  }
};
template <class T>
Terms(Index, const T*, Index, const T*, Index) -> Terms<T>;
template <class T>
Terms(Index, const T*, Index, const T*, Index, Index) -> Terms<T>;
/// The same where B lies column by column:  a[r + k a_k] b[k + j b_j].
template <class T>
struct ColumnTerms {
  using Scalar = T;
  Index depth;
  const T* a;
  Index a_k;
  const T* b;
  Index b_j;
  Index chunk = product_chunk;
  static constexpr bool adjacent = false;
  template <int Columns>
  BIJOU_INLINE auto factors(Index j0) const {
    std::array<const T*, Columns> from;
    for (int j = 0; j < Columns; ++j) from[std::size_t(j)] = b + (j0 + j) * b_j;
    return [from](Index k, int j) { return from[std::size_t(j)][k]; };
  }
};
template <class T>
ColumnTerms(Index, const T*, Index, const T*, Index) -> ColumnTerms<T>;

/// Leaves sums as they are.
struct Linear {
  template <class V>
  BIJOU_INLINE static V value(V x) {
    return x;
  }
  template <class V>
  BIJOU_INLINE static V slope(V, V) {
    return V(1);
  }
};
/// What a product starts from and where its sums go: C += A B, or C = A B where C is fresh. Columns of C are c_j apart.
/// Where y is given, laid out as C is, y = Act(x) and C is the adjoint of y: it becomes that of x.
template <class T, class Act = Linear>
struct AddTo {
  T* c;
  Index c_j;
  bool fresh = false;
  const T* y = nullptr;
  AddTo column(Index j) const { return {c + j * c_j, c_j, fresh, y ? y + j * c_j : y}; }
  BIJOU_INLINE void next() { c += c_j, y = y ? y + c_j : y; }
  template <class V>
  BIJOU_INLINE V start(Index, int) const {
    return V(0);
  }
  template <class V>
  BIJOU_INLINE void finish(Index r, int count, V sum) const {
    if (!fresh) sum = V::load(c + r, count) + sum;
    if (y) sum *= Act::slope(V::load(y + r, count), V::load(y + r, count));
    sum.store(c + r, count);
  }
};

/// R vectors of rows from row r0 on times J columns from column j0 on. Phases that registers have no place for are
/// summed up in passes over the terms, as many phases in each.
template <int R, int J, int Phases, class T, int N>
BIJOU_INLINE void product_block(const auto& terms, const auto& out, Index j0, Index r0, int count) {
  using V = Lanes<T, N>;
  constexpr int passes = std::max(1, Phases * J * R / (2 * product_columns)), together = Phases / passes;
  V sum[together][J][R], total[Phases][J][R];
  const auto each_sum = [&](auto visit) {
    auto column = out.column(j0);
#pragma GCC unroll 12
    for (int j = 0; j < J; ++j, column.next())
#pragma GCC unroll 8
      for (int r = 0; r < R; ++r) visit(sum[0][j][r], column, r0 + r * N, r + 1 < R ? N : count);
  };
  each_sum([](V& s, const auto& column, Index r, int n) { s = column.template start<V>(r, n); });
  for (int p = 1; p < together; ++p)
    for (int j = 0; j < J; ++j)
      for (int r = 0; r < R; ++r) sum[p][j][r] = V(0);
  const auto at = terms.template factors<J>(j0);
  const Index depth = terms.depth;
  const auto add = [&](Index k, int phase) {
    V x[R];
#pragma GCC unroll 8
    for (int r = 0; r < R; ++r) x[r] = V::load(terms.a + r0 + k * terms.a_k + r * N);
#pragma GCC unroll 12
    for (int j = 0; j < J; ++j) {
      const V w(at(k, j));
#pragma GCC unroll 8
      for (int r = 0; r < R; ++r) sum[phase][j][r] = fused(w, x[r], sum[phase][j][r]);
    }
  };
  if constexpr (Phases == 1) {
    Index end = std::min(depth, terms.chunk);
    for (Index k = 0; k < end; ++k) add(k, 0);
    while (end < depth) {
#pragma GCC unroll 12
      for (int j = 0; j < J; ++j)
#pragma GCC unroll 8
        for (int r = 0; r < R; ++r) total[0][j][r] = sum[0][j][r], sum[0][j][r] = V(0);
      const Index first = end;
      end = std::min(depth, end + terms.chunk);
      for (Index k = first; k < end; ++k) add(k, 0);
#pragma GCC unroll 12
      for (int j = 0; j < J; ++j)
#pragma GCC unroll 8
        for (int r = 0; r < R; ++r) sum[0][j][r] = total[0][j][r] + sum[0][j][r];
    }
  } else {
#pragma GCC unroll 4
    for (int pass = 0; pass < passes; ++pass) {
      Index k = pass * together;
      for (; k + together <= depth; k += Phases)
#pragma GCC unroll 12
        for (int p = 0; p < together; ++p) add(k + p, p);
#pragma GCC unroll 12
      for (int p = 0; p < together; ++p)
        if (k + p < depth) add(k + p, p);
#pragma GCC unroll 12
      for (int p = 0; p < together; ++p)
        for (int j = 0; j < J; ++j)
          for (int r = 0; r < R; ++r) total[pass * together + p][j][r] = sum[p][j][r], sum[p][j][r] = V(0);
    }
#pragma GCC unroll 4
    for (int half = Phases / 2; half; half /= 2)
      for (int p = 0; p < half; ++p)
        for (int j = 0; j < J; ++j)
          for (int r = 0; r < R; ++r) total[p][j][r] += total[p + half][j][r];
    for (int j = 0; j < J; ++j)
      for (int r = 0; r < R; ++r) sum[0][j][r] = total[0][j][r];
  }
  each_sum([](V& s, const auto& column, Index r, int n) { column.finish(r, n, s); });
}
/// Columns in eights (fours), of which a four that is left over makes twelve with the first eight.
template <int R, class T, int N>
void product_rows(Index columns, const auto& terms, const auto& out, Index r, int count) {
  constexpr int J = product_columns;
  Index j = 0;
  if constexpr (fits_twelve<std::remove_cvref_t<decltype(terms)>>)
    if (columns % J == 4) {
      product_block<R, 12, 1, T, N>(terms, out, j, r, count);
      j += 12;
    }
  for (; j < columns; j += J) product_block<R, J, 1, T, N>(terms, out, j, r, count);
}
/// A few columns, of so many rows at once that their sums fill the registers and none is waited for.
template <int J, class T, int N>
void product_few_columns(Index rows, const auto& terms, const auto& out, Index j) {
  constexpr int R = std::max(4, 8 / J);
  Index r = 0;
  for (; r + R * N <= rows; r += R * N) product_block<R, J, 1, T, N>(terms, out, j, r, N);
  for (; r < rows; r += N) product_block<1, J, 1, T, N>(terms, out, j, r, int(std::min<Index>(N, rows - r)));
}
/// One or two columns in phases.
template <int J, class T, int N>
void product_in_phases(Index rows, const auto& terms, const auto& out) {
  constexpr int phases = product_phases<T>;
  Index r = 0;
  for (; r + N < rows; r += 2 * N)
    product_block<2, J, phases, T, N>(terms, out, 0, r, int(std::min<Index>(N, rows - r - N)));
  if (r < rows) product_block<1, J, phases, T, N>(terms, out, 0, r, int(rows - r));
}
/// out(r, j) <- start(r, j) + the terms of (r, j), r < rows, j < columns; one or two columns in phases, which then fill
/// the registers, unless their terms ask for a single chunk. Nothing is allocated.
template <class Ts>
void multiply(Index rows, Index columns, const Ts& terms, const auto& out) {
  using T = typename Ts::Scalar;
  constexpr int N = Lanes<T>::size;
  if constexpr (product_phases < T >> 1) {
    if (columns == 2 && terms.chunk == product_chunk) return product_in_phases<2, T, N>(rows, terms, out);
    if (columns == 1 && terms.chunk == product_chunk) return product_in_phases<1, T, N>(rows, terms, out);
  }
  const bool twelve = fits_twelve<Ts> && columns >= 12 && columns % 8 >= 4;
  const Index most = columns - columns % (twelve ? 4 : product_columns);
  if (most) {
    Index r = 0;
    for (; r + N < rows; r += 2 * N) product_rows<2, T, N>(most, terms, out, r, int(std::min<Index>(N, rows - r - N)));
    if (r < rows) product_rows<1, T, N>(most, terms, out, r, int(rows - r));
  }
  Index j = most;
  if constexpr (product_columns > 4)
    if (j + 4 <= columns) product_few_columns<4, T, N>(rows, terms, out, j), j += 4;
  if (j + 2 <= columns) product_few_columns<2, T, N>(rows, terms, out, j), j += 2;
  if (j < columns) product_few_columns<1, T, N>(rows, terms, out, j);
}
}  // namespace bijou
