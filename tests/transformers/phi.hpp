#pragma once
#include <vector>

namespace bijou::test {
/// Parameters and their adjoints as a transformer sees them.
template <class V>
struct Phi {
  std::vector<V> values;
  const V& operator[](int p) const { return values[std::size_t(p)]; }
  void add(int p, V v) { values[std::size_t(p)] += v; }
};
}  // namespace bijou::test
