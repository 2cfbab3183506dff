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

/// b[j + r columns] = a[r + j a_j]: a block that is stored feature by feature becomes one that is stored row by row.
/// Where sums are wanted, sums[j] += sum_r a[r + j a_j].
template <class T>
void transpose(Index rows, Index columns, const T* a, Index a_j, T* b, T* sums = nullptr) {
  constexpr int N = Lanes<T>::size;
  using V = Lanes<T>;
  V block[N];
  for (Index r = 0; r < rows; r += N)
    for (Index j = 0; j < columns; j += N) {
      const int height = int(std::min<Index>(N, rows - r)), width = int(std::min<Index>(N, columns - j));
#pragma GCC unroll 16
      for (int i = 0; i < N; ++i) block[i] = i < width ? V::load(a + r + (j + i) * a_j, height, V(0)) : V(0);
      transpose_block(block);
#pragma GCC unroll 16
      for (int i = 0; i < N; ++i)
        if (i < height) block[i].store(b + j + (r + i) * columns, width);
      if (!sums) continue;
#pragma GCC unroll 4
      for (int half = N / 2; half; half /= 2)
        for (int i = 0; i < half; ++i) block[i] += block[i + half];
      (V::load(sums + j, width) + block[0]).store(sums + j, width);
    }
}
}  // namespace bijou
