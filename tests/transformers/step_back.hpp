#pragma once
#include <algorithm>
#include <cmath>

#include <bijou/core/lanes.hpp>

#include "phi.hpp"

namespace bijou::test {
template <class V>
Phi<V> waves(int count) {
  Phi<V> phi;
  for (int i = 0; i < count; ++i) phi.values.push_back(V(std::sin(7 * float(i) + 1)));
  return phi;
}
/// How far, in eps of max(1, |y|), the map goes back at worst over `count` numbers from x on: consecutive ones,
/// or those that lie `apart`.
template <class H, class T>
T worst_step_back(T x, int count, auto map, T apart = 0) {
  using V = Lanes<T>;
  const auto phi = waves<V>(H::arity);
  T worst = 0, before = -std::numeric_limits<T>::infinity();
  for (int i = 0; i < count; i += V::size) {
    V at(0), log_det(0);
    for (int k = 0; k < V::size; ++k) {
      at.set(k, x);
      x = std::max(x + apart, std::nextafter(x, std::numeric_limits<T>::max()));
    }
    map(at, phi, log_det);
    for (int k = 0; k < V::size; ++k) {
      worst = std::max(worst, (before - at[k]) / std::max(T(1), std::abs(at[k])));
      before = std::max(before, at[k]);
    }
  }
  return worst / std::numeric_limits<T>::epsilon();
}
}  // namespace bijou::test
