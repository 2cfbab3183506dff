#pragma once
#include <bijou/core/lane_choice.hpp>
#include <bijou/core/lane_functions.hpp>
#include <bijou/core/lane_vector.hpp>

namespace bijou {
/// Sum of the first n lanes, first to last.
template <class T, int N>
BIJOU_INLINE T sum(Lanes<T, N> a, int n) {
  T total = a[0];
  for (int i = 1; i < n; ++i) total += a[i];
  return total;
}
/// op of all lanes, half of them with the other half until M are left.
template <int M, class T, int N>
BIJOU_INLINE Lanes<T, M> fold(Lanes<T, N> a, auto op) {
  if constexpr (N == M)
    return a;
  else {
    using Half = Lanes<T, N / 2>;
    typename Half::Vector half[2];
    std::memcpy(half, &a.v, sizeof(half));
    return fold<M>(op(Half::of(half[0]), Half::of(half[1])), op);
  }
}
/// 0, 1, 2, ...
template <class T>
BIJOU_INLINE Lanes<T> numbered() {
  Lanes<T> lane;
  for (int i = 0; i < Lanes<T>::size; ++i) lane.set(i, T(i));
  return lane;
}
/// a's lanes, then b's.
template <class T, int N>
BIJOU_INLINE Lanes<T, 2 * N> joined(Lanes<T, N> a, Lanes<T, N> b) {
  return [&]<int... I>(std::integer_sequence<int, I...>) {
    return Lanes<T, 2 * N>::of(__builtin_shufflevector(a.v, b.v, I...));
  }
  (std::make_integer_sequence<int, 2 * N>{});
}
/// Sum of all lanes, halves onto halves.
template <class T, int N>
BIJOU_INLINE T sum(Lanes<T, N> a) {
  return fold<1>(a, [](auto x, auto y) { return x + y; }).v;
}
/// f of every lane by a call per lane, for functions off the hot path.
template <class T, int N>
Lanes<T, N> each_lane(Lanes<T, N> a, auto f) {
  for (int i = 0; i < N; ++i) a.set(i, f(a[i]));
  return a;
}
/// visit(first, count) for 0 .. n cut into panels of one vector register; the last may be shorter.
template <class T>
BIJOU_INLINE void each_panel(std::ptrdiff_t n, auto&& visit) {
  constexpr int size = Lanes<T>::size;
  std::ptrdiff_t i = 0;
  for (; i + size <= n; i += size) visit(i, size);
  if (i < n) visit(i, static_cast<int>(n - i));
}
}  // namespace bijou
