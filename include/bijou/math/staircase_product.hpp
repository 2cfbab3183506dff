#pragma once
#include <bijou/math/row_product.hpp>

namespace bijou {
/// n numbers from w[at], with 0 before w[0] and behind the last.
template <class T>
BIJOU_INLINE Lanes<T> weights_at(const T* w, Index at, int n) {
  if (at >= 0) return Lanes<T>::load(w + at, n, Lanes<T>(0));
  auto v = Lanes<T>(0);
  for (Index i = -at; i < n; ++i) v.set(int(i), w[at + i]);
  return v;
}
/// R vectors of columns from column j on; the last may be short. What lies before a row's first column is read and not
/// used. Lambdas are inlined, or their sums would go through memory.
template <int R, class T>
BIJOU_INLINE void staircase_columns(const T* x, const T* w, const auto& steps, const auto& out, Index j, int count) {
  using V = Lanes<T>;
  constexpr int N = V::size;
  const V lane = numbered<T>();
  V sum[R];
  Index all[R], some[R];  // terms that every lane of a register has, and that some have
  for (int r = 0; r < R; ++r) {
    const int n = r + 1 < R ? N : count;
    sum[r] = out.template start<V>(j + r * N, n);
    all[r] = steps.terms(j + r * N), some[r] = steps.terms(j + r * N + n - 1);
  }
  // Terms that all lanes of register First have, then those that some have; the registers behind it have all of them.
  Index done = 0;
  const auto step = [&]<int First, bool All>(Index end) __attribute__((always_inline)) {
    each_nonzero(
        x, done, end, false, [&](Index k) __attribute__((always_inline)) {
          const Index at = steps.row(k) + j;
          if constexpr (!All) {
            const V s = fused(V(x[k]), weights_at(w, at + First * N, First + 1 < R ? N : count), sum[First]);
            sum[First] = select(lane >= V(T(steps.first(k) - j - First * N)), s, sum[First]);
          }
          add_term<All ? First : First + 1>(V(x[k]), w, at, count, sum);
        });
    done = std::max(done, end);
  };
  [&]<int... First>(std::integer_sequence<int, First...>) __attribute__((always_inline)) {
    ((step.template operator()<First, true>(all[First]), step.template operator()<First, false>(some[First])), ...);
  }
  (std::make_integer_sequence<int, R>{});
#pragma GCC unroll 4
  for (int r = 0; r < R; ++r) out.finish(j + r * N, r + 1 < R ? N : count, sum[r]);
}
/// A row times a matrix whose columns have the more terms the later they come:
///     out(j) <- out.start(j) + sum_{k < steps.terms(j)} x[k] w[steps.row(k) + j],   terms(j) <= terms(j + 1)
/// The first column that has term k is steps.first(k). Each sum is a single chunk.
template <class T>
void multiply_row_of_steps(Index columns, const T* x, const T* w, const auto& steps, const auto out) {
  constexpr int N = Lanes<T>::size;
  // Columns without a term are done first, so that the others begin at a register's first lane.
  Index empty = 0;
  while (empty < columns && steps.terms(empty) == 0) ++empty;
  each_panel<T>(empty, [&](Index j, int count) { out.finish(j, count, out.template start<Lanes<T>>(j, count)); });
  Index j = empty;
  for (; j + 3 * N < columns; j += 4 * N)
    staircase_columns<4>(x, w, steps, out, j, int(std::min<Index>(N, columns - j - 3 * N)));
  for (; j + N < columns; j += 2 * N)
    staircase_columns<2>(x, w, steps, out, j, int(std::min<Index>(N, columns - j - N)));
  if (j < columns) staircase_columns<1>(x, w, steps, out, j, int(columns - j));
}
}  // namespace bijou
