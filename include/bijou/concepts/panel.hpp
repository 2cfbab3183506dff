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
template <class X, class V>
BIJOU_INLINE void add_to_panel(X&& x, Index i, Index j, int count, V v) {
  auto* at = column(x, j).data() + i;
  (V::load(at, count) + v).store(at, count);
}
}  // namespace bijou
