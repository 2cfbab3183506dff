#pragma once
#include <bijou/core/lanes.hpp>
#include <bijou/core/shapes.hpp>

namespace bijou {
/// -0 becomes 0: it depends on terms of 0, which one row leaves out. Of sums that go into an activation it does not
/// matter: a zero of either sign is a term of 0.
template <class V>
BIJOU_INLINE V without_sign_of_zero(V sum) {
  return sum + V(0);
}
/// Units of a batch, columns n apart. Their sums (see product.hpp) start from the bias, or go on where there is none,
/// and are finished while they are in registers.
template <class Act, class T>
struct UnitSums {
  const T* b;
  T* y;
  Index n;
  bool activate;
  BIJOU_INLINE UnitSums column(Index j) const { return {b ? b + j : b, unforeseen(y + j * n), n, activate}; }
  BIJOU_INLINE void next() { b = b ? b + 1 : b, y += n; }
  template <class V>
  BIJOU_INLINE V start(Index r, int count) const {
    return b ? V(*b) : V::load(y + r, count);
  }
  BIJOU_INLINE void finish(Index r, int count, auto sum) const {
    (activate ? Act::value(sum) : without_sign_of_zero(sum)).store(y + r, count);
  }
};
/// The same of one row: vectors run along the units. Flag: bool, or what the compiler knows of it.
template <class Act, class T, class Flag = bool>
struct RowOfUnitSums {
  const T* b;
  T* y;
  Flag activate;
  template <class V>
  BIJOU_INLINE V start(Index j, int count) const {
    return V::load((b ? b : y) + j, count, V(0));
  }
  BIJOU_INLINE void finish(Index j, int count, auto sum) const {
    (activate ? Act::value(sum) : without_sign_of_zero(sum)).store(y + j, count);
  }
};
}  // namespace bijou
