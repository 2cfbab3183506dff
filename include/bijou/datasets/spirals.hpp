#pragma once
#include <bijou/datasets/curve.hpp>
#include <bijou/math/normal.hpp>
#include <bijou/math/sigmoid.hpp>

namespace bijou {
/// A roll: t (cos t, sin t) / 5, t uniform on [1.5 pi, 4.5 pi], with normal noise 0.2 (make_swiss_roll of
/// scikit-learn).
struct SwissRoll {
  static constexpr const char* name = "swissroll";
  static constexpr double entropy = 2.66965, deviation = 0.2;
  static void sample(Random& random, auto&& x) {
    toy::sample_rows<1, 2>(random, x, [](const auto& u, const auto& z) {
      const auto [a, b] = curve(u(0));
      return std::pair{a + deviation * z(0), b + deviation * z(1)};
    });
  }
  static double log_prob(double x, double y) { return toy::log_along_curve(x, y, deviation, 80, curve); }

 private:
  static std::pair<double, double> curve(double u) {
    const double t = 1.5 * toy::pi * (1 + 2 * u);
    return {t * std::cos(t) / 5, t * std::sin(t) / 5};
  }
};

/// Two spirals +-(-n cos n + U / 2, n sin n + U' / 2) / 3, n = 3 pi sqrt(U''), with normal noise 0.1 (FFJORD).
struct TwoSpirals {
  static constexpr const char* name = "2spirals";
  static constexpr double entropy = 2.64545, deviation = 0.1;
  static void sample(Random& random, auto&& x) {
    toy::sample_rows<4, 2>(random, x, [](const auto& u, const auto& z) {
      const double n = 3 * toy::pi * std::sqrt(u(0)), side = u(3) < 0.5 ? 1 : -1;
      return std::pair{side * (-n * std::cos(n) + u(1) / 2) / 3 + deviation * z(0),
                       side * (n * std::sin(n) + u(2) / 2) / 3 + deviation * z(1)};
    });
  }
  /// The noise of each coordinate is a uniform on [0, 1/6] plus a normal; the length along the spiral by
  /// Gauss-Legendre.
  static double log_prob(double x, double y) {
    return toy::log_integral(150, [&](double t) {
      const double n = 3 * toy::pi * t, a = -n * std::cos(n) / 3, b = n * std::sin(n) / 3;
      toy::LogSum sides;
      for (int side : {1, -1}) sides.add((log_blur(side * x - a) + log_blur(side * y - b)).v);
      return sides.value() + std::log(t);
    });
  }

 private:
  using V = Lanes<double, 1>;
  /// log of 6 (Phi(d / s) - Phi((d - 1/6) / s)); by the tail on the side where d lies.
  static V log_blur(V d) {
    const V a = d / V(deviation), b = (d - V(1. / 6)) / V(deviation);
    const auto right = a + b > V(0);
    // Phi(high) - Phi(low), both as far left as may be
    const V low = log_normal_cdf(select(right, -a, b)), high = log_normal_cdf(select(right, -b, a));
    if (high.v == -std::numeric_limits<double>::infinity()) return high;
    return V(std::log(6.)) + high + log1mexp(high - low);
  }
};
}  // namespace bijou
