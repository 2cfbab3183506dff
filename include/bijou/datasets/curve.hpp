#pragma once
#include <bijou/datasets/toy_density.hpp>

namespace bijou::toy {
/// log of the integral of e^log_f(t) over t in [0, 1]: Gauss-Legendre with 4 points on each of so many intervals; in
/// logarithms, so that it is right far away too.
inline double log_integral(int intervals, auto log_f) {
  constexpr double node[4] = {0.069431844202973712, 0.33000947820757187, 0.66999052179242813, 0.93056815579702629};
  constexpr double log_share[4] = {-1.749117178456863, -1.120635292236566, -1.120635292236566, -1.749117178456863};
  LogSum sum;
  for (int i = 0; i < intervals; ++i)
    for (int k = 0; k < 4; ++k) sum.add(log_f((i + node[k]) / intervals) + log_share[k]);
  return sum.value() - std::log(double(intervals));
}
/// The same of N(x, y; curve(t), s^2 I); each interval should be shorter than s.
inline double log_along_curve(double x, double y, double s, int intervals, auto curve) {
  return log_integral(intervals, [&](double t) {
    const auto [a, b] = curve(t);
    return log_normal(x, y, a, b, s);
  });
}
}  // namespace bijou::toy
