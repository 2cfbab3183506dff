#pragma once
#include <bijou/math/exp.hpp>
#include <bijou/math/log.hpp>

namespace bijou {
/// log(e^a[0] + ... + e^a[n - 1]) of lanes in an array, a pointer or the like, n >= 1. Shifted by the largest, so that
/// nothing overflows; all -inf give -inf, NaN gives NaN. Error: 2 eps max(1, |result|, n / 2).
auto log_sum_exp(const auto& a, int n) {
  using V = std::remove_cvref_t<decltype(a[0])>;
  V top = a[0];
  for (int k = 1; k < n; ++k) top = max(top, a[k]);
  constexpr auto inf = std::numeric_limits<typename V::Scalar>::infinity();
  const V shift = select(abs(top) == V(inf), V(0), top);
  V total(0);
  for (int k = 0; k < n; ++k) total += exp(a[k] - shift);
  return shift + log(total);
}
/// log(e^a + e^b), with log_sum_exp's limits. Error: 2 eps max(1, |result|).
template <class T, int N>
BIJOU_INLINE Lanes<T, N> log_add_exp(Lanes<T, N> a, Lanes<T, N> b) {
  using V = Lanes<T, N>;
  const V top = max(a, b), low = min(a, b);
  // Equal infinities have no difference.
  const V below = select(low == top, V(0), low - top);
  return top + log1p(exp(below));
}
}  // namespace bijou
