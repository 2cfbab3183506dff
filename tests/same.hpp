#pragma once
#include <bijou/core/shapes.hpp>
#include <cmath>

namespace bijou::test {
/// Same shape and same bits, NaN included.
bool same(const auto& a, const auto& b) {
  bool all = a.rows() == b.rows() && a.cols() == b.cols();
  for (Index j = 0; all && j < a.cols(); ++j)
    for (Index i = 0; all && i < a.rows(); ++i)
      all = a(i, j) == b(i, j) || (std::isnan(a(i, j)) && std::isnan(b(i, j)));
  return all;
}
}  // namespace bijou::test
