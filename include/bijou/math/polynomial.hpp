#pragma once
#include <bijou/core/lanes.hpp>

namespace bijou {
/// c0 + x (c1 + x (c2 + ...)), fused where the target can.
template <class V>
BIJOU_INLINE V horner(V, double c) {
  return V(c);
}
template <class V>
BIJOU_INLINE V horner(V x, double c, auto... rest) {
  return fused(x, horner(x, rest...), V(c));
}
/// The same as two polynomials in x^2, for even and odd powers: half the wait for a long one, other roundings.
template <class V>
BIJOU_INLINE V even_and_odd(V x, auto... c) {
  constexpr int n = sizeof...(c);
  const double all[] = {c...};
  const V z = x * x;
  V even(all[(n - 1) / 2 * 2]), odd(all[(n - 2) / 2 * 2 + 1]);
#pragma GCC unroll 16
  for (int i = (n - 1) / 2 * 2; i > 0; i -= 2) even = fused(z, even, V(all[i - 2]));
#pragma GCC unroll 16
  for (int i = (n - 2) / 2 * 2 + 1; i > 1; i -= 2) odd = fused(z, odd, V(all[i - 2]));
  return fused(x, odd, even);
}
}  // namespace bijou
