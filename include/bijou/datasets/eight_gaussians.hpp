#pragma once
#include <bijou/datasets/toy_density.hpp>

namespace bijou {
/// Eight normals of deviation 0.5 / 1.414 on a circle of radius 4 / 1.414. Grathwohl et al. 2019, FFJORD,
/// arXiv:1810.01367
struct EightGaussians {
  static constexpr const char* name = "8gaussians";
  static constexpr double entropy = 2.83188, radius = 4 / 1.414, deviation = 0.5 / 1.414;
  static void sample(Random& random, auto&& x) {
    toy::sample_rows<1, 2>(random, x, [](const auto& u, const auto& z) {
      const double a = std::floor(8 * u(0)) * toy::pi / 4;
      return std::pair{radius * std::cos(a) + deviation * z(0), radius * std::sin(a) + deviation * z(1)};
    });
  }
  static double log_prob(double x, double y) {
    toy::LogSum sum;
    for (int k = 0; k < 8; ++k)
      sum.add(toy::log_normal(x, y, radius * std::cos(k * toy::pi / 4), radius * std::sin(k * toy::pi / 4), deviation));
    return sum.value() - std::log(8.);
  }
};
}  // namespace bijou
