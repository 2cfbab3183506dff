#pragma once
#include <bijou/core/vector_register.hpp>

namespace bijou {
/// A truth value per lane of Lanes<T, N>.
template <class T, int N = lanes::native<T>>
struct Mask {
  /// All bits set where true; a bool for a single lane.
  using Vector = typename lanes::VectorOf<typename lanes::BitsOf<T>::type, N>::type;
  Vector m;
  friend BIJOU_INLINE Mask operator&(Mask a, Mask b) { return {Vector(a.m & b.m)}; }
  friend BIJOU_INLINE Mask operator|(Mask a, Mask b) { return {Vector(a.m | b.m)}; }
  friend BIJOU_INLINE Mask operator~(Mask a) {
    if constexpr (N == 1)
      return {!a.m};
    else
      return {~a.m};
  }
  BIJOU_INLINE bool operator[](int i) const {
    if constexpr (N == 1)
      return bool(m);
    else
      return m[i] != 0;
  }
};
}  // namespace bijou
