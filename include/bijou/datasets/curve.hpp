#pragma once
#include <bijou/datasets/toy_density.hpp>

namespace bijou::toy {
/// log of the integral over t in [0, 1] of weight(t) N(x, y; curve(t), s^2 I): Gauss-Legendre with 4 points on each of
/// so many intervals, each shorter than s; in logarithms, so that it is right far away too.
inline double log_along_curve(double x, double y, double s, int intervals, auto curve, auto weight) {
  constexpr double node[4] = {0.069431844202973712, 0.33000947820757187, 0.66999052179242813, 0.93056815579702629};
  constexpr double share[4] = {0.17392742256872693, 0.32607257743127307, 0.32607257743127307, 0.17392742256872693};
  LogSum sum;
  for (int i = 0; i < intervals; ++i)
    for (int k = 0; k < 4; ++k) {
      const double t = (i + node[k]) / intervals, w = share[k] * weight(t);
      const auto [a, b] = curve(t);
      sum.add(log_normal(x, y, a, b, s) + std::log(w));
    }
  return sum.value() - std::log(double(intervals));
}
}  // namespace bijou::toy
