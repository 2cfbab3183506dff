#pragma once
#include <algorithm>

#include <bijou/transformers/exponentials.hpp>

namespace bijou {
/// How the K components of a mixture lie in registers, for a panel of rows: a register each, a lane a row.
template <int K, class V>
struct ComponentsOfRows {
  static constexpr int registers = K;
  using Values = V[registers];
  static V load(const auto& phi, int first, int r) { return phi[first + r]; }
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
  static constexpr int registers = (K + V::size - 1) / V::size;
  using Values = V[registers];
  static int count(int r) { return std::min(V::size, K - r * V::size); }
  static V load(const auto& phi, int first, int r) { return V::load(phi.p + first + r * V::size, count(r)); }
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
