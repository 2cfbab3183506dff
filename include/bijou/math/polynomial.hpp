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
}  // namespace bijou
