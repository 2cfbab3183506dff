#pragma once
#include <bijou/core/lanes.hpp>
#include <bijou/core/shapes.hpp>

namespace bijou {
/// Units whose sums stay in registers together: two vectors of rows times so many units fill the register file.
inline constexpr int product_units = vector_bytes == 64 ? 8 : 4;

/// R vectors of rows times J columns of C += A B. The sum over k runs first to last, one product after another, in
/// every lane: whatever the shape of the blocks, an element of C has the same bits.
template <int R, int J, class T, int N>
BIJOU_INLINE void product_block(Index depth, const T* a, Index a_k, const T* b, Index b_k, Index b_j, T* c, Index c_j,
                                int count) {
  using V = Lanes<T, N>;
  V sum[J][R];
  for (int j = 0; j < J; ++j)
    for (int r = 0; r < R; ++r) sum[j][r] = V::load(c + j * c_j + r * N, r + 1 < R ? N : count);
  for (Index k = 0; k < depth; ++k) {
    V x[R];
#pragma GCC unroll 4
    for (int r = 0; r < R; ++r) x[r] = V::load(a + k * a_k + r * N);
#pragma GCC unroll 8
    for (int j = 0; j < J; ++j) {
      const V w(b[k * b_k + j * b_j]);
#pragma GCC unroll 4
      for (int r = 0; r < R; ++r) sum[j][r] = fused(w, x[r], sum[j][r]);
    }
  }
  for (int j = 0; j < J; ++j)
    for (int r = 0; r < R; ++r) sum[j][r].store(c + j * c_j + r * N, r + 1 < R ? N : count);
}
template <int R, class T, int N>
void product_rows(Index columns, Index depth, const T* a, Index a_k, const T* b, Index b_k, Index b_j, T* c, Index c_j,
                  int count) {
  constexpr int J = product_units;
  Index j = 0;
  for (; j + J <= columns; j += J)
    product_block<R, J, T, N>(depth, a, a_k, b + j * b_j, b_k, b_j, c + j * c_j, c_j, count);
  for (; j + 2 <= columns; j += 2)
    product_block<R, 2, T, N>(depth, a, a_k, b + j * b_j, b_k, b_j, c + j * c_j, c_j, count);
  if (j < columns) product_block<R, 1, T, N>(depth, a, a_k, b + j * b_j, b_k, b_j, c + j * c_j, c_j, count);
}

/// C += A B,  c[r + j c_j] += sum_k a[r + k a_k] b[k b_k + j b_j],  r < rows, j < columns, k < depth.
/// A may be read for one vector register past its end (a Buffer allows it); C is written in `rows` only. Nothing is
/// allocated.
template <class T>
void multiply(Index rows, Index columns, Index depth, const T* a, Index a_k, const T* b, Index b_k, Index b_j, T* c,
              Index c_j) {
  constexpr int N = Lanes<T>::size;
  Index r = 0;
  for (; r + N < rows; r += 2 * N)
    product_rows<2, T, N>(columns, depth, a + r, a_k, b, b_k, b_j, c + r, c_j, int(std::min<Index>(N, rows - r - N)));
  if (r < rows) product_rows<1, T, N>(columns, depth, a + r, a_k, b, b_k, b_j, c + r, c_j, int(rows - r));
}

/// The same for one row x: y[j] += sum_k x[k x_k] w[k w_k + j]. Vectors run along the units; each sum has the order,
/// and so the bits, that multiply gives that row in a batch.
template <class T>
void multiply_row(Index columns, Index depth, const T* x, Index x_k, const T* w, Index w_k, T* y) {
  constexpr int N = Lanes<T>::size;
  Index j = 0;
  for (; j + 4 * N <= columns; j += 4 * N) product_block<4, 1, T, N>(depth, w + j, w_k, x, x_k, 1, y + j, 1, N);
  for (; j + N <= columns; j += N) product_block<1, 1, T, N>(depth, w + j, w_k, x, x_k, 1, y + j, 1, N);
  if constexpr (N > 4)
    for (; j + 4 <= columns; j += 4) product_block<1, 1, T, 4>(depth, w + j, w_k, x, x_k, 1, y + j, 1, 4);
  for (; j + 2 <= columns; j += 2) product_block<2, 1, T, 1>(depth, w + j, w_k, x, x_k, 1, y + j, 1, 1);
  if (j < columns) product_block<1, 1, T, 1>(depth, w + j, w_k, x, x_k, 1, y + j, 1, 1);
}

/// b[j + r columns] = a[r + j a_j]: a block that is stored feature by feature becomes one that is stored row by row.
template <class T>
void transpose(Index rows, Index columns, const T* a, Index a_j, T* b) {
  constexpr Index block = 16;  // both blocks then lie in the nearest cache
  for (Index r0 = 0; r0 < rows; r0 += block)
    for (Index j0 = 0; j0 < columns; j0 += block)
      for (Index r = r0; r < std::min(rows, r0 + block); ++r)
        for (Index j = j0; j < std::min(columns, j0 + block); ++j) b[j + r * columns] = a[r + j * a_j];
}
}  // namespace bijou
