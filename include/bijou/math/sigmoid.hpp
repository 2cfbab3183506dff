#pragma once
#include <bijou/math/exp.hpp>
#include <bijou/math/log.hpp>

namespace bijou {
/// 1 / (1 + e^-x), <= 3 ulp; relatively right in the lower tail, 0 and 1 at the ends.
template <class T, int N>
BIJOU_INLINE Lanes<T, N> sigmoid(Lanes<T, N> x) {
  using V = Lanes<T, N>;
  const V e = exp(-abs(x));
  return select(x < V(0), e, V(1)) / (V(1) + e);
}
/// log(1 + e^x), <= 3 ulp: max(x, 0) + log1p(e^-|x|) neither overflows nor loses the lower tail.
template <class T, int N>
BIJOU_INLINE Lanes<T, N> softplus(Lanes<T, N> x) {
  using V = Lanes<T, N>;
  return larger(V(0), x) + log1p(exp(-abs(x)));
}
/// log(1 / (1 + e^-x)), <= 3 ulp.
template <class T, int N>
BIJOU_INLINE Lanes<T, N> log_sigmoid(Lanes<T, N> x) {
  return -softplus(-x);
}
/// log(1 - e^-x) for x > 0, <= 4 ulp; -inf at 0, NaN below. Maechler 2012, Accurately computing log(1 - exp(-|a|)).
template <class T, int N>
BIJOU_INLINE Lanes<T, N> log1mexp(Lanes<T, N> x) {
  using V = Lanes<T, N>;
  const auto small = x < V(std::numbers::ln2_v<T>);
  const V less = -expm1_of_negative(lanes::at_most(-x, T(1)));
  // One logarithm serves both sides: log(less) where x is small, log1p(-e^-x) where it is large.
  return select(small, log(less), log1p(-exp(-x)));
}
/// log(p / (1 - p)), <= 4 ulp also around p = 1/2; -inf at 0, inf at 1, NaN outside.
template <class T, int N>
BIJOU_INLINE Lanes<T, N> logit(Lanes<T, N> p) {
  using V = Lanes<T, N>;
  const auto upper = p > V(0.5);
  const V q = select(upper, V(1) - p, p);  // exact above 1/2
  const V y = select(q > V(0.25), log1p((V(2) * q - V(1)) / (V(1) - q)), log(q / (V(1) - q)));
  return select(upper, -y, y);
}
}  // namespace bijou
