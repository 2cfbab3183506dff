#pragma once
#include <bijou/core/lanes.hpp>

namespace bijou {
template <class V>
struct Root {
  V x;
  bool converged;  // in every lane
};
/// The root of an increasing function inside [low, high], by Newton's steps from x; a step that leaves the bracket,
/// which shrinks as it goes, is replaced by its middle. at(x) returns {value, slope}. A lane that has arrived stands
/// still, so that its bits do not depend on the others. NaN values end a lane at once. A value of at most `noise` is as
/// good as 0. After a Newton step of at most `reach` the error is known to be negligible. Lanes that are `idle` stay.
template <class V>
Root<V> bracketed_newton(V x, V low, V high, V noise, auto at, V reach = V(0), decltype(V() != V()) idle = V(0) != V(0),
                         int steps = 100) {
  using T = typename V::Scalar;
  constexpr T tolerance = 2 * std::numeric_limits<T>::epsilon();
  auto arrived = idle | (x != x);
  for (int i = 0; i < steps; ++i) {
    const auto [value, slope] = at(x);
    low = select(value < V(0), x, low);
    high = select(value > V(0), x, high);
    const V newton = x - value / slope, middle = V(0.5) * low + V(0.5) * high;
    const auto inside = (newton > low) & (newton < high);
    const V next = select(inside, newton, middle);
    const auto here = (abs(value) <= noise) | (value != value);
    const V moved = select(here | arrived, x, next);
    arrived = arrived | here | (abs(moved - x) <= V(tolerance) * abs(x)) | (inside & (abs(moved - x) <= reach)) |
              (high - low <= V(tolerance) * abs(x));
    x = moved;
    if (all(arrived)) return {x, true};
  }
  return {x, false};
}
}  // namespace bijou
