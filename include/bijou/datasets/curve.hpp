#pragma once
#include <algorithm>
#include <vector>

#include <bijou/datasets/toy_density.hpp>

namespace bijou::toy {
/// log of the integral of e^log_f(t) over t in [from, from + length]: Gauss-Legendre with 4 points, in logarithms.
inline double log_panel(double from, double length, const auto& log_f) {
  constexpr double node[4] = {0.069431844202973712, 0.33000947820757187, 0.66999052179242813, 0.93056815579702629};
  constexpr double log_share[4] = {-1.749117178456863, -1.120635292236566, -1.120635292236566, -1.749117178456863};
  LogSum sum;
  for (int k = 0; k < 4; ++k) sum.add(log_f(from + node[k] * length) + log_share[k]);
  return sum.value() + std::log(length);
}
/// Adds the same to a sum of at least `least`, `whole` being its estimate: that of both halves is better, and they are
/// halved in turn where it changes the sum by more than 1e-8 (their own error is a hundredth of that) or, far away,
/// than rounding does to log_f. (What two estimates differ by is as much as a peak between their points may still add.)
inline void add_panel(LogSum& sum, double least, double whole, double from, double length, const auto& log_f) {
  const double half = length / 2, middle = from + half;
  const double left = log_panel(from, half, log_f), right = log_panel(middle, half, log_f);
  LogSum halves;
  halves.add(left);
  halves.add(right);
  const double value = halves.value(), change = std::abs(value - whole);
  const double share = std::min(0., value + change - std::max(least, sum.value()));
  if (share > -40 && change * std::exp(share) > 1e-8 + 1e-14 * std::abs(value)) {
    add_panel(sum, least, left, from, half, log_f);
    add_panel(sum, least, right, middle, half, log_f);
  } else
    sum.add(value);
}
/// log of the integral of e^log_f(t) over t in [0, 1], begun with so many panels.
inline double log_integral(int panels, const auto& log_f) {
  const double length = 1. / panels;
  std::vector<double> whole;
  for (int i = 0; i < panels; ++i) whole.push_back(log_panel(i * length, length, log_f));
  const double least = *std::max_element(whole.begin(), whole.end());
  LogSum sum;
  for (int i = 0; i < panels; ++i) add_panel(sum, least, whole[std::size_t(i)], i * length, length, log_f);
  return sum.value();
}
/// The same of N(x, y; curve(t), s^2 I); each panel should be shorter than 2 s.
inline double log_along_curve(double x, double y, double s, int panels, auto curve) {
  return log_integral(panels, [&](double t) {
    const auto [a, b] = curve(t);
    return log_normal(x, y, a, b, s);
  });
}
}  // namespace bijou::toy
