#pragma once
#include <algorithm>
#include <cmath>

#include <bijou/layers/column.hpp>
#include <bijou/math/transpose.hpp>

namespace bijou {
/// Some features of one row at once, as the lanes of a register: by the operations of map_column, and so with the same
/// bits. x(i): feature i; phi: of the first one, P parameters of a feature side by side. False, and nothing changed,
/// where their log|det J| is no number: what then comes of them depends on their order.
template <int P, class T>
bool map_lanes(auto x, const T* phi, int features, T& log_det, auto map) {
  using V = Lanes<T>;
  constexpr int N = V::size;
  alignas(64) T turned[std::max(P, 1) * N], value[N], slope[N];
  for (int p = 0; p < P && features < N; ++p) V(0).store(turned + p * N);  // phi = 0 is a sensible map
  transpose(P, features, phi, P, turned, N);
  for (int i = 0; i < features; ++i) value[i] = x(i);
  V v = V::load(value, features, V(0)), l(0);
  map(v, Parameters<T, false>{turned, N, N}, l);
  v.store(value);
  l.store(slope);
  T sum = log_det;
  for (int i = 0; i < features; ++i) sum += slope[i];
  if (!std::isfinite(sum)) return false;
  for (int i = 0; i < features; ++i) x(i) = value[i];
  log_det = sum;
  return true;
}
/// Applies map(x, phi, log_det), a transformer's forward or inverse, to so many features of a tile, of which number i
/// is in column at(i). phi: N x (P features), or 1 x (P features) shared by the rows.
template <int P, class T, int D>
void map_features(Tile<T, D>& t, Index features, const auto& phi, auto at, auto map) {
  constexpr int N = Lanes<T>::size, worth_turning = 4, most = 4096;
  Index i = 0;
  if constexpr (N >= worth_turning && P * N <= most)
    while (t.x.rows() == 1 && features - i >= worth_turning) {
      const int count = int(std::min<Index>(N, features - i));
      if (!map_lanes<P>([&](int k) -> T& { return t.x(0, at(i + k)); }, phi.data() + i * P, count, t.log_det(0), map))
        break;
      i += count;
    }
  for (; i < features; ++i) map_column(column(t.x, at(i)), of_feature<P>(phi, i), t.log_det, map);
}
}  // namespace bijou
