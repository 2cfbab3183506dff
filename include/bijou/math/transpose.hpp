#pragma once
#include <array>
#include <utility>

#include <bijou/core/lanes.hpp>
#include <bijou/core/shapes.hpp>

namespace bijou {
/// Rows become columns among N vectors of N lanes, in log2 N rounds: in round s, lanes whose index has bit s change
/// places with those of the partner vector that do not.
template <class T, int N>
BIJOU_INLINE void transpose_block(Lanes<T, N> (&a)[N]) {
  if constexpr (N > 1) {
    const auto round = [&]<int S, int... I>(std::integer_sequence<int, S>, std::integer_sequence<int, I...>) {
#pragma GCC unroll 16
      for (int i = 0; i < N; ++i)
        if (!(i & S)) {
          const auto low = a[i].v, high = a[i + S].v;
          a[i].v = __builtin_shufflevector(low, high, (I & S ? N + I - S : I)...);
          a[i + S].v = __builtin_shufflevector(low, high, (I & S ? N + I : I + S)...);
        }
    };
    constexpr std::make_integer_sequence<int, N> lanes{};
    round(std::integer_sequence<int, 1>{}, lanes);
    if constexpr (N > 2) round(std::integer_sequence<int, 2>{}, lanes);
    if constexpr (N > 4) round(std::integer_sequence<int, 4>{}, lanes);
    if constexpr (N > 8) round(std::integer_sequence<int, 8>{}, lanes);
  }
}

/// The sum of N registers, half of them to the other half until one is left: after transpose_block, the sums of each.
template <class T, int N>
BIJOU_INLINE Lanes<T, N> fold_registers(Lanes<T, N> (&a)[N]) {
#pragma GCC unroll 4
  for (int half = N / 2; half > 0; half /= 2)
    for (int i = 0; i < half; ++i) a[i] += a[i + half];
  return a[0];
}

/// Lane i: the sum of the lanes of a[i], half onto half, as fold_registers has it after transpose_block; but registers
/// become fewer with every round.
template <class T, int N>
BIJOU_INLINE Lanes<T, N> lane_sums(Lanes<T, N> (&a)[N]) {
  if constexpr (N > 1) {
    constexpr std::make_integer_sequence<int, N> lanes{};
    // Of pieces of 2 H lanes, which belong to one sum each, the halves: those of one register in even places.
    const auto round = [&]<int H, int... I>(std::integer_sequence<int, H>, std::integer_sequence<int, I...>) {
#pragma GCC unroll 8
      for (int i = 0; i < H; ++i) {
        const auto one = a[i].v, other = a[i + H].v;
        a[i].v = __builtin_shufflevector(one, other, (I / H % 2 * N + I / (2 * H) * 2 * H + I % H)...) +
                 __builtin_shufflevector(one, other, (I / H % 2 * N + I / (2 * H) * 2 * H + I % H + H)...);
      }
    };
    if constexpr (N > 8) round(std::integer_sequence<int, 8>{}, lanes);
    if constexpr (N > 4) round(std::integer_sequence<int, 4>{}, lanes);
    if constexpr (N > 2) round(std::integer_sequence<int, 2>{}, lanes);
    round(std::integer_sequence<int, 1>{}, lanes);
  }
  return a[0];
}

/// b[j + r b_r] = a[r + j a_j]: a block that is stored feature by feature becomes one that is stored row by row.
/// Where sums are wanted, sums[j] += sum_r a[r + j a_j].
template <class T>
void transpose(Index rows, Index columns, const T* a, Index a_j, T* b, Index b_r, T* sums = nullptr) {
  constexpr int N = Lanes<T>::size;
  using V = Lanes<T>;
  const auto block_at = [&](Index r, Index j, auto height, auto width) {
    V block[N];
    const T* from = a + r + j * a_j;
#pragma GCC unroll 16
    for (int i = 0; i < N; ++i, from += a_j) block[i] = i < width ? V::load(from, height, V(0)) : V(0);
    transpose_block(block);
    T* to = b + j + r * b_r;
#pragma GCC unroll 16
    for (int i = 0; i < N; ++i, to += b_r)
      if (i < height) block[i].store(to, width);
    if (!sums) return;
    (V::load(sums + j, width) + fold_registers(block)).store(sums + j, width);
  };
  constexpr std::integral_constant<int, N> all{};
  for (Index j = 0; j < columns; j += N)
    for (Index r = 0; r < rows; r += N)
      if (r + N <= rows && j + N <= columns)
        block_at(r, j, all, all);
      else
        block_at(r, j, int(std::min<Index>(N, rows - r)), int(std::min<Index>(N, columns - j)));
}
}  // namespace bijou
