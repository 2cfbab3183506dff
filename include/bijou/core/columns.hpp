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
/// to <- f(from...), n numbers each, a register at a time; `to` may be one of `from`.
template <class T>
BIJOU_INLINE void transform_column(Index n, T* to, auto f, const auto*... from) {
  each_panel<T>(n, [&](Index i, int count) { f(Lanes<T>::load(from + i, count)...).store(to + i, count); });
}
/// to += from
template <class T>
BIJOU_INLINE void add_column(const T* from, T* to, Index n) {
  transform_column(
      n, to, [](auto x, auto y) { return x + y; }, from, to);
}
/// to <- from, N x C each, column by column.
BIJOU_INLINE void copy_columns(const auto& from, auto&& to) {
  for (Index j = 0; j < from.cols(); ++j) copy_column(from.col(j).data(), to.col(j).data(), from.rows());
}
/// to += from, N x C each.
BIJOU_INLINE void add_columns(const auto& from, auto&& to) {
  for (Index j = 0; j < from.cols(); ++j) add_column(from.col(j).data(), to.col(j).data(), from.rows());
}
}  // namespace bijou
