#pragma once
#include <bijou/core/lanes.hpp>
#include <bijou/core/shapes.hpp>

namespace bijou {
/// N numbers side by side: a column of an array. Eigen's block of an array of D columns is a type of its own for each
/// D, and so more to compile.
template <class T>
struct ColumnView {
  T* first;
  Index n;
  T* data() const { return first; }
  Index rows() const { return n; }
};
/// Column j of a, N x D and column-major, or a Buffer.
auto column(auto&& a, Index j) {
  return ColumnView<std::remove_pointer_t<decltype(a.data())>>{a.data() + j * a.colStride(), a.rows()};
}
/// The parameters of one feature, parameter p at first[p stride]: one value a row or, Rows = 1, one for all rows.
template <class T, int Rows>
struct FeaturePhi {
  using Scalar = std::remove_const_t<T>;
  static constexpr int RowsAtCompileTime = Rows;
  T* first;
  Index stride;
  T* data() const { return first; }
  Index colStride() const { return stride; }
};
/// Phi of feature i: N x (P D) -> N x P, or 1 x (P D) -> 1 x P where the batch shares it.
template <int P>
auto of_feature(auto&& phi, Index i) {
  constexpr int rows = std::remove_cvref_t<decltype(phi)>::RowsAtCompileTime;
  return FeaturePhi<std::remove_pointer_t<decltype(phi.data())>, rows>{phi.data() + P * i * phi.colStride(),
                                                                       phi.colStride()};
}

/// to <- from: n numbers side by side. One row costs a load and a store, where Eigen's assignment takes fifty
/// instructions to find out that there is one.
template <class T>
BIJOU_INLINE void copy_column(const std::type_identity_t<T>* from, T* to, Index n) {
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
BIJOU_INLINE void add_column(const std::type_identity_t<T>* from, T* to, Index n) {
  transform_column(
      n, to, [](auto x, auto y) { return x + y; }, from, to);
}
/// to <- from, N x C each, column by column.
BIJOU_INLINE void copy_columns(const auto& from, auto&& to) {
  for (Index j = 0; j < from.cols(); ++j) copy_column(column(from, j).data(), column(to, j).data(), from.rows());
}
/// to += from, N x C each.
BIJOU_INLINE void add_columns(const auto& from, auto&& to) {
  for (Index j = 0; j < from.cols(); ++j) add_column(column(from, j).data(), column(to, j).data(), from.rows());
}
}  // namespace bijou
