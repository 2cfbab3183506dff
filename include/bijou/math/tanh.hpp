#pragma once
#include <bijou/math/exp.hpp>

namespace bijou {
/// Hyperbolic tangent, <= 4 ulp; tanh(+-inf) = +-1.
template <class T, int N>
BIJOU_INLINE Lanes<T, N> tanh(Lanes<T, N> x) {
  using V = Lanes<T, N>;
  if constexpr (N == 1)
    return V::of(std::tanh(x.v));
  else {
    const V e = expm1_of_negative(V(-2) * abs(x));
    return copysign(-e / (e + V(2)), x);
  }
}
}  // namespace bijou
