#pragma once
#include <bijou/math/exp.hpp>
#include <bijou/math/log.hpp>

namespace bijou {
/// log(sum_k e^a[k]) over a[0 .. n), shifted by the largest, so that nothing overflows; all -inf give -inf, NaN gives
/// NaN.
template <class V>
V log_sum_exp(const V* a, int n) {
  V top = a[0];
  for (int k = 1; k < n; ++k) top = max(top, a[k]);
  constexpr auto inf = std::numeric_limits<typename V::Scalar>::infinity();
  const V shift = select((top == V(-inf)) | (top == V(inf)), V(0), top);
  V total(0);
  for (int k = 0; k < n; ++k) total += exp(a[k] - shift);
  return shift + log(total);
}
/// log(e^a + e^b)
template <class T, int N>
BIJOU_INLINE Lanes<T, N> log_add_exp(Lanes<T, N> a, Lanes<T, N> b) {
  using V = Lanes<T, N>;
  const V top = max(a, b), low = min(a, b);
  return select(low == top, top + V(std::numbers::ln2_v<T>), top + log1p(exp(low - top)));
}
}  // namespace bijou
