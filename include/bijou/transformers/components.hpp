#pragma once
#include <algorithm>

#include <bijou/transformers/exponentials.hpp>

namespace bijou {
/// Not so the numbers of a tape, which have no lanes and need no order of sums.
template <class V>
inline constexpr bool on_lanes = requires {
  V::size;
};
/// The narrowest register, up to V, that takes K numbers.
template <int K, class V>
using RegisterOf =
    Lanes<typename V::Scalar,
          std::min<int>(V::size, std::max<int>(int(std::bit_ceil(unsigned(K))), 16 / int(sizeof(typename V::Scalar))))>;
/// How the K components of a mixture lie in registers, for a panel of rows: a register each, a lane a row.
template <int K, class V>
struct ComponentsOfRows {
  static constexpr int registers = K;
  using Values = V[registers];
  static V load(const auto& phi, int first, int r) { return phi[first + r]; }
  static V load(const auto& phi, int first, int r, V) { return phi[first + r]; }
  /// table[k] of the components in register r.
  static V constants(const auto& table, int r) { return V(table[std::size_t(r)]); }
  /// op of all components, in every lane.
  static V reduce(const Values& a, auto op) {
    V all = a[0];
    for (int r = 1; r < registers; ++r) all = op(all, a[r]);
    return all;
  }
  /// Sums over the components, first to last.
  static V sum(const Values& a) {
    V total(0);
    for (int r = 0; r < registers; ++r) total += a[r];
    return total;
  }
  /// Sums in the order in which a register of components is folded.
  static V folded_sum(const Values& a) {
    if constexpr (!on_lanes<V>)
      return sum(a);
    else {
      constexpr int size = RegisterOf<K, V>::size, used = std::min(size, K);
      V parts[used];
      for (int k = 0; k < used; ++k) parts[k] = a[k];
      for (int k = size; k < K; ++k) parts[k % size] += a[k];
      for (int half = size / 2; half; half /= 2)
        for (int k = 0; k < half && k + half < used; ++k) parts[k] += parts[k + half];
      return parts[0];
    }
  }
  static V dot(const Values& a, const Values& b) {
    V total(0);
    for (int r = 0; r < registers; ++r) total = fused(a[r], b[r], total);
    return total;
  }
};
/// The same for a single row: a lane a component, so that K components cost what one costs, with the same bits. Lanes
/// behind the last repeat the first of their register.
template <int K, class V>
struct ComponentsOfOneRow {
  using T = typename V::Scalar;
  static constexpr int registers = (K + V::size - 1) / V::size, last = K - (registers - 1) * V::size;
  using Values = V[registers];
  static int count(int r) { return r + 1 < registers ? V::size : last; }
  static V load(const auto& phi, int first, int r) { return V::load(phi.p + first + r * V::size, count(r)); }
  /// The lanes behind the last from `rest`.
  static V load(const auto& phi, int first, int r, V rest) {
    return V::load(phi.p + first + r * V::size, count(r), rest);
  }
  static V constants(const auto& table, int r) { return V::load(table.data() + r * V::size, count(r)); }
  static V reduce(const Values& a, auto op) {
    V all = a[0];
    for (int r = 1; r < registers; ++r) all = op(all, a[r]);
    return V(fold<1>(all, op).v);
  }
  static V sum(const Values& a) {
    T values[registers * V::size], total(0);
    for (int r = 0; r < registers; ++r) a[r].store(values + r * V::size);
    for (int k = 0; k < K; ++k) total += values[k];
    return V(total);
  }
  /// The lanes behind the last are 0.
  static V folded_sum(const Values& a) {
    V total = a[0];
    for (int r = 1; r < registers; ++r) total += a[r];
    return V(bijou::sum(total));
  }
  static V dot(const Values& a, const Values& b) {
    using One = Lanes<T, 1>;
    T x[registers * V::size], y[registers * V::size];
    for (int r = 0; r < registers; ++r) a[r].store(x + r * V::size), b[r].store(y + r * V::size);
    One total(0);
    for (int k = 0; k < K; ++k) total = fused(One(x[k]), One(y[k]), total);
    return V(total.v);
  }
};
}  // namespace bijou
