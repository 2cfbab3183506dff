#pragma once
#include <vector>

#include <bijou/concepts/bijection.hpp>

#include "catch.hpp"

namespace bijou::test {
using T = double;
/// Rows that go through a layer and back.
template <class L>
struct Run {
  Batch<T, L::D> x;
  PerSample<T> log_det;
  typename L::Saved saved;
  Random random{1};
  Run(Batch<T, L::D> rows) : x(std::move(rows)), log_det(PerSample<T>::Zero(x.rows())) {}
  TileOf<L> tile() { return {x, log_det, random}; }
};
template <int D>
Batch<T, D> rows(const std::vector<std::vector<T>>& values) {
  Batch<T, D> x(Index(values.size()), Index(values[0].size()));
  for (Index i = 0; i < x.rows(); ++i)
    for (Index j = 0; j < x.cols(); ++j) x(i, j) = values[std::size_t(i)][std::size_t(j)];
  return x;
}
template <int D>
bool equal(const Batch<T, D>& a, const std::vector<std::vector<T>>& b) {
  return (a == rows<D>(b)).all();
}
}  // namespace bijou::test
