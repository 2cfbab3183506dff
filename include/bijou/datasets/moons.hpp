#pragma once
#include <bijou/datasets/curve.hpp>

namespace bijou {
/// Two interleaved half circles of radius 2 with normal noise 0.2 (make_moons(noise = 0.1) of scikit-learn, scaled and
/// shifted as in FFJORD), the angle uniform.
struct Moons {
  static constexpr const char* name = "moons";
  static constexpr double entropy = 2.39388, deviation = 0.2;
  static void sample(Random& random, auto&& x) {
    toy::sample_rows<2, 2>(random, x, [](const auto& u, const auto& z) {
      const auto [a, b] = u(1) < 0.5 ? upper(u(0)) : lower(u(0));
      return std::pair{a + deviation * z(0), b + deviation * z(1)};
    });
  }
  static double log_prob(double x, double y) {
    toy::LogSum sum;
    sum.add(toy::log_along_curve(x, y, deviation, 20, upper));
    sum.add(toy::log_along_curve(x, y, deviation, 20, lower));
    return sum.value() - std::log(2.);
  }

 private:
  static std::pair<double, double> upper(double t) {
    return {2 * std::cos(toy::pi * t) - 1, 2 * std::sin(toy::pi * t) - 0.2};
  }
  static std::pair<double, double> lower(double t) {
    return {1 - 2 * std::cos(toy::pi * t), 0.8 - 2 * std::sin(toy::pi * t)};
  }
};
}  // namespace bijou
