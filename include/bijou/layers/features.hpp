#pragma once
#include <algorithm>
#include <cmath>

#include <bijou/layers/column.hpp>
#include <bijou/math/transpose.hpp>

namespace bijou {
/// How many features of a row transformer H takes at once, in registers V, by ParametersOfFeatures: 1 unless it says
/// so.
template <class H, class V>
inline constexpr int features_at_once = [] {
  if constexpr (requires { H::template features_at_once<V>; })
    return H::template features_at_once<V>;
  else
    return 1;
}();
/// Some features of one row at once, in lanes of a register, `each` lanes a feature: by the operations of map_column,
/// and so with the same bits. x(i): feature i; phi: the parameters of these lanes. False, and nothing changed, where
/// their log|det J| is no number: what then comes of them depends on their order.
template <int each, class T>
bool map_lanes(auto x, const auto& phi, int features, T& log_det, auto map) {
  using V = Lanes<T>;
  alignas(64) T value[V::size], slope[V::size];
  V v(x(0)), l(0);
  for (int i = 1; i < features; ++i) v = select(numbered<T>() >= V(T(i * each)), V(x(i)), v);
  map(v, phi, l);
  v.store(value);
  l.store(slope);
  T sum = log_det;
  for (int i = 0; i < features; ++i) sum += slope[i * each];
  if (!std::isfinite(sum)) return false;
  for (int i = 0; i < features; ++i) x(i) = value[i * each];
  log_det = sum;
  return true;
}
/// Parameters of features, P of each side by side, turned: a register of features for each.
template <int P, class T>
struct TurnedParameters {
  static constexpr int N = Lanes<T>::size;
  alignas(64) T turned[std::max(P, 1) * N];
  TurnedParameters(const T* phi, int features) {
    for (int p = 0; p < P && features < N; ++p) Lanes<T>(0).store(turned + p * N);  // phi = 0 is a sensible map
    transpose(P, features, phi, P, turned, N);
  }
  operator Parameters<T, false>() const { return {turned, N, N}; }
};
/// Applies map(x, phi, log_det), the forward or inverse of transformer H, to so many features of a tile, of which
/// number i is in column at(i). phi: N x (P features), or 1 x (P features) shared by the rows.
template <class H, class T, int D>
void map_features(Tile<T, D>& t, Index features, const auto& phi, auto at, auto map) {
  constexpr int P = H::arity, N = Lanes<T>::size, worth_turning = 4, most = 4096;
  Index i = 0;
  const auto mapped = [&]<int each>(int count, const auto& own) {
    return map_lanes<each>([&](int k) -> T& { return t.x(0, at(i + k)); }, own, count, t.log_det(0), map);
  };
  if (t.x.rows() == 1) {
    const T* const p = phi.data();
    if constexpr (N >= worth_turning && P * N <= most)
      for (int count; features - i >= worth_turning; i += count) {
        count = int(std::min<Index>(N, features - i));
        const TurnedParameters<P, T> own(p + i * P, count);
        if (!mapped.template operator()<1>(count, Parameters<T, false>(own))) break;
      }
    if constexpr (constexpr int most_at_once = features_at_once<H, Lanes<T>>; most_at_once > 1)
      for (int count; features - i >= 2; i += count) {
        count = int(std::min<Index>(most_at_once, features - i));
        if (!mapped.template operator()<N / most_at_once>(count, ParametersOfFeatures<T>{p + i * P, P, count})) break;
      }
  }
  for (; i < features; ++i) map_column(column(t.x, at(i)), of_feature<P>(phi, i), t.log_det, map);
}
}  // namespace bijou
