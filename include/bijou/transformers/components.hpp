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
  static constexpr bool a_register_each = true;
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
  static constexpr bool a_register_each = false;
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
/// The same for several features of a single row: a part of the register each, the results in all lanes of a part.
template <int K, class V>
struct ComponentsOfFeatures {
  using T = typename V::Scalar;
  using Part = RegisterOf<K, V>;
  static constexpr bool a_register_each = false;
  static constexpr int registers = 1, parts = V::size / Part::size;
  using Values = V[registers];
  static V load(const auto& phi, int first, int) {
    return of_parts([&](int i) { return phi.of(std::min(i, phi.features - 1)).p + first; });
  }
  static V constants(const auto& table, int) {
    return of_parts([&](int) { return table.data(); });
  }
  static V reduce(const Values& a, auto op) {
    return [&]<int... Level>(std::integer_sequence<int, Level...>) {
      V all = a[0];
      ((all = op(all, chosen(all, [](int lane) { return lane ^ (1 << Level); }))), ...);
      return all;
    }
    (std::make_integer_sequence<int, std::bit_width(unsigned(Part::size)) - 1>{});
  }
  static V sum(const Values& a) {
    V total(0);
    each_component([&](auto lane) { total += chosen(a[0], lane); });
    return total;
  }
  static V dot(const Values& a, const Values& b) {
    V total(0);
    each_component([&](auto lane) { total = fused(chosen(a[0], lane), chosen(b[0], lane), total); });
    return total;
  }

 private:
  template <int Parts = parts>
  static auto of_parts(auto from, int first = 0) {
    if constexpr (Parts == 1)
      return Part::load(from(first), K);
    else
      return joined(of_parts<Parts / 2>(from, first), of_parts<Parts / 2>(from, first + Parts / 2));
  }
  /// Lane i <- lane from(i).
  static V chosen(V a, auto from) {
    return [&]<int... I>(std::integer_sequence<int, I...>) {
      return V::of(__builtin_shufflevector(a.v, a.v, (decltype(from){}(I))...));
    }
    (std::make_integer_sequence<int, V::size>{});
  }
  /// visit(the lane of component k in its own part), k = 0 .. K - 1.
  static void each_component(auto visit) {
    [&]<int... k>(std::integer_sequence<int, k...>) {
      (visit([](int lane) { return lane / Part::size * Part::size + k; }), ...);
    }
    (std::make_integer_sequence<int, K>{});
  }
};
}  // namespace bijou
