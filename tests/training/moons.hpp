#pragma once
#include <bijou/bijou.hpp>

namespace bijou::test {
/// n rows of the two moons, always the same ones.
template <class T = double>
Table<T> moons(Index n) {
  Random random{7};
  return Table<T>(Batch<T, Dynamic>(sample<T>(Moons{}, n, random)));
}
/// A flow that fits them, with few parameters.
inline auto small_flow() {
  Random random{1};
  return real_nvp<double, 2, 2>({12}, random);
}
}  // namespace bijou::test
