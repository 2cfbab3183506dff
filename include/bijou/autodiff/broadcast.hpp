#pragma once
#include <bijou/core/lanes.hpp>
#include <bijou/core/shapes.hpp>

namespace bijou {
/// Phi of one feature for a panel of `count` rows: parameter i in column i, at p[i stride], one value a row; or,
/// Shared, a single value there that is broadcast to every row.
template <class T, bool Shared>
struct Parameters {
  const T* p;
  Index stride;
  int count;
  BIJOU_INLINE bool side_by_side() const { return stride == 1 && (Shared || count == 1); }
  /// One row, whose parameters lie side by side: the work may run across them.
  BIJOU_INLINE bool of_one_row() const { return stride == 1 && count == 1; }
  /// Every lane is a row of its own.
  BIJOU_INLINE bool whole_panel() const { return !Shared && count == Lanes<T>::size; }
  BIJOU_INLINE Lanes<T> operator[](int i) const {
    if constexpr (Shared)
      return p[i * stride];
    else
      return Lanes<T>::load(p + i * stride, count);
  }
};
/// Phi of some features of a single row, `distance` apart, the parameters of each side by side.
template <class T>
struct ParametersOfFeatures {
  const T* p;
  Index distance;
  int features;
  BIJOU_INLINE Parameters<T, false> of(int i) const { return {p + i * distance, 1, 1}; }
};
/// Where the adjoints of such parameters are added: row by row or, as the adjoint of a broadcast is a sum, the sum over
/// the panel's rows. Lanes beyond `count` are left out. p == nullptr: not wanted, nothing is done.
template <class T, bool Shared>
struct ParameterAdjoint {
  T* p;
  Index stride;
  int count;
  BIJOU_INLINE void add(int i, Lanes<T> v) {
    if (!p) return;
    T* const at = p + i * stride;
    if constexpr (Shared)
      *at += sum(v, count);
    else
      (Lanes<T>::load(at, count) + v).store(at, count);
  }
};
}  // namespace bijou
