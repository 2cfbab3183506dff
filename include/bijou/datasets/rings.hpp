#pragma once
#include <bijou/datasets/toy_density.hpp>

namespace bijou {
namespace toy {
/// log(e^-z I_0(z)), z >= 0: the power series below 20, Hankel's asymptotic series above (Abramowitz and Stegun 9.6.12
/// and 9.7.1), both to double precision.
inline double log_scaled_bessel(double z) {
  double sum = 0, term = 1;
  if (z < 20) {
    for (int k = 1; term > 1e-17 * sum; ++k) sum += term, term *= z * z / (4. * k * k);
    // cppcheck-suppress invalidFunctionArg ; the loop runs at least once: sum >= 1
    return std::log(sum) - z;
  }
  for (int k = 1; k < 26 && term > 1e-17; ++k) sum += term, term *= (2 * k - 1) * (2. * k - 1) / (8 * k * z);
  return std::log(sum) - 0.5 * std::log(2 * pi * z);
}
/// log of the density of a circle of radius r around (a, b), blurred by a normal of deviation s.
inline double log_ring(double x, double y, double r, double s) {
  const double d = std::hypot(x, y), u = (d - r) / s;
  return -0.5 * u * u + log_scaled_bessel(d * r / (s * s)) - log_two_pi - 2 * std::log(s);
}
}  // namespace toy

/// Blurred circles around the origin, each equally likely.
template <class Rings>
struct RingsOf {
  static void sample(Random& random, auto&& x) {
    toy::sample_rows<2, 2>(random, x, [](const auto& u, const auto& z) {
      const double r = Rings::radii[std::size_t(u(1) * double(std::size(Rings::radii)))], a = 2 * toy::pi * u(0);
      return std::pair{r * std::cos(a) + Rings::deviation * z(0), r * std::sin(a) + Rings::deviation * z(1)};
    });
  }
  static double log_prob(double x, double y) {
    toy::LogSum sum;
    for (double r : Rings::radii) sum.add(toy::log_ring(x, y, r, Rings::deviation));
    return sum.value() - std::log(double(std::size(Rings::radii)));
  }
};
/// Two of them, wide. Entropy by numerical integration.
struct Circles : RingsOf<Circles> {
  static constexpr const char* name = "circles";
  static constexpr double entropy = 3.26814, deviation = 0.24, radii[] = {3, 1.5};
};
/// Four of them, narrow. Entropy by numerical integration.
struct Rings : RingsOf<Rings> {
  static constexpr const char* name = "rings";
  static constexpr double entropy = 2.62318, deviation = 0.08, radii[] = {3, 2.25, 1.5, 0.75};
};
/// Four circles of radius 2 around (+-1, +-1). Durkan et al. 2019, Neural spline flows, arXiv:1906.04032
struct FourCircles {
  static constexpr const char* name = "four_circles";
  static constexpr double entropy = 2.87082, deviation = 0.1;
  static void sample(Random& random, auto&& x) {
    toy::sample_rows<3, 2>(random, x, [](const auto& u, const auto& z) {
      const double a = 2 * toy::pi * u(0), cx = u(1) < 0.5 ? -1 : 1, cy = u(2) < 0.5 ? -1 : 1;
      return std::pair{cx + 2 * std::cos(a) + deviation * z(0), cy + 2 * std::sin(a) + deviation * z(1)};
    });
  }
  static double log_prob(double x, double y) {
    toy::LogSum sum;
    for (int cx : {-1, 1})
      for (int cy : {-1, 1}) sum.add(toy::log_ring(x - cx, y - cy, 2, deviation));
    return sum.value() - std::log(4.);
  }
};
}  // namespace bijou
