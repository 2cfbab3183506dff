#pragma once
#include <bijou/core/columns.hpp>

namespace bijou {
/// Whether the values of a column lie one behind the other.
template <class X>
inline constexpr bool contiguous_columns = Eigen::internal::inner_stride_at_compile_time<X>::ret == 1 &&
                                           (!X::IsRowMajor || X::RowsAtCompileTime == 1);
/// `count` rows of column j from row i on, as lanes.
template <class X>
BIJOU_INLINE auto load_panel(const X& x, Index i, Index j, int count) {
  static_assert(contiguous_columns<X>, "rows must be a Batch, or part of a column-major array");
  return Lanes<typename X::Scalar>::load(column(x, j).data() + i, count);
}
/// out[i] <- the value of row i after value = op(value, x(i, j), j) for its features, first to last, from start(i,
/// count) on. It stays in a register: of one row, a column would be waited for.
template <class T>
void fold_features(const auto& x, T* out, auto start, auto op) {
  each_panel<T>(x.rows(), [&](Index i, int count) {
    Lanes<T> value = start(i, count);
    for (Index j = 0; j < x.cols(); ++j) value = op(value, load_panel(x, i, j, count), j);
    value.store(out + i, count);
  });
}
template <class X, class V>
BIJOU_INLINE void add_to_panel(X&& x, Index i, Index j, int count, V v) {
  auto* at = column(x, j).data() + i;
  (V::load(at, count) + v).store(at, count);
}
}  // namespace bijou
