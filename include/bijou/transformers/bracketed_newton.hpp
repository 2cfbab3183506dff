#pragma once
#include <bijou/core/lanes.hpp>

namespace bijou {
template <class V>
struct Root {
  V x;
  bool converged;  // in every lane
};
/// Halvings that bring a bracket of all numbers down to two neighbours, wherever these are.
template <class T>
inline constexpr int range_in_bits =
    std::numeric_limits<T>::max_exponent - std::numeric_limits<T>::min_exponent + 2 * std::numeric_limits<T>::digits;
/// The root of an increasing function inside [low, high], by Newton's steps from x, or better ones: at(x) returns
/// {value, step}, x - step being the next. A step that leaves the bracket, which shrinks as it goes, or that is more
/// than half of the one before the last, is replaced by one to the bracket's middle. A lane that has arrived stands
/// still, so that its bits do not depend on the others. NaN values end a lane at once. A value of at most `noise` is as
/// good as 0. After a step of at most `reach` the error is known to be negligible. A step within the rounding of x is
/// the last, if it is also below `scale`, over which the slope changes. Lanes that are `idle` stay.
template <class V>
Root<V> bracketed_newton(V x, V low, V high, V noise, auto at, V reach = V(0),
                         V scale = V(std::numeric_limits<typename V::Scalar>::infinity()),
                         decltype(V() != V()) idle = V(0) != V(0), int steps = range_in_bits<typename V::Scalar>) {
  using T = typename V::Scalar;
  constexpr T tolerance = 2 * std::numeric_limits<T>::epsilon();
  auto arrived = idle | (x != x);
  V last(std::numeric_limits<T>::infinity()), before_last = last;
  for (int i = 0; i < steps; ++i) {
    const auto [value, step] = at(x);
    low = select(value < V(0), x, low);
    high = select(value > V(0), x, high);
    const V next = x - step, middle = V(0.5) * low + V(0.5) * high, length = abs(step),
            rounding = V(tolerance) * abs(x);
    const auto taken = (next > low) & (next < high) & (length <= V(0.5) * before_last);
    // A step of 0 is one to nowhere, as where the slope is infinite.
    const auto tiny = (length <= rounding) & (length <= V(0.125) * scale) & (step != V(0));
    const auto here = (abs(value) <= noise) | (value != value);
    const V moved = select(here | arrived | (tiny & ~taken), x, select(taken, next, middle));
    arrived = arrived | here | tiny | (taken & (length <= reach)) | (high - low <= rounding);
    before_last = last;
    last = abs(moved - x);
    x = moved;
    if (all(arrived)) return {x, true};
  }
  return {x, false};
}
}  // namespace bijou
