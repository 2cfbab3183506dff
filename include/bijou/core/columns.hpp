#pragma once
#include <bijou/core/lanes.hpp>
#include <bijou/core/shapes.hpp>

namespace bijou {
/// to <- from: n numbers side by side. One row costs a load and a store, where Eigen's assignment takes fifty
/// instructions to find out that there is one.
template <class T>
BIJOU_INLINE void copy_column(const T* from, T* to, Index n) {
  if (n == 1) {
    *to = *from;
    return;
  }
  each_panel<T>(n, [&](Index i, int count) { Lanes<T>::load(from + i, count).store(to + i, count); });
}
/// to <- from, N x C each, column by column.
BIJOU_INLINE void copy_columns(const auto& from, auto&& to) {
  for (Index j = 0; j < from.cols(); ++j) copy_column(from.col(j).data(), to.col(j).data(), from.rows());
}
}  // namespace bijou
