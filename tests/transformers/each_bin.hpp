#pragma once
#include <bijou/core/lanes.hpp>
#include <bijou/transformers/spline_bins.hpp>

#include "phi.hpp"

namespace bijou::test {
/// visit(bin) for the K bins of a spline, from the one at `low` on. Whether each begins where the one before it ends.
template <class Bins, class T>
bool each_bin(const Phi<Lanes<T>>& phi, int K, T low, const auto& visit) {
  bool joined = true;
  Lanes<T> at(low);
  for (int k = 0; k < K; ++k) {
    const auto bin = Bins::bin(phi, at, Bins::Side::x);
    joined = joined && bin.x0[0] == at[0];
    visit(bin);
    at = bin.x0 + bin.w;
  }
  return joined;
}
}  // namespace bijou::test
