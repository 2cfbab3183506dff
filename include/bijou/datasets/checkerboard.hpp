#pragma once
#include <bijou/datasets/toy_density.hpp>

namespace bijou {
/// Uniform on eight 2 x 2 fields of a 4 x 4 board on [-4, 4]^2, log p = -log 32.
struct Checkerboard {
  static constexpr const char* name = "checkerboard";
  static constexpr double entropy = 3.4657359027997264;
  static void sample(Random& random, auto&& x) {
    toy::sample_rows<3, 0>(random, x, [](const auto& u, const auto&) {
      const double a = 4 * u(0) - 2, parity = std::fmod(std::floor(a) + 4, 2),
                   b = u(1) - 2 * std::floor(2 * u(2)) + parity;
      return std::pair{2 * a, 2 * b};
    });
  }
  static double log_prob(double x, double y) {
    if (std::isnan(x) || std::isnan(y)) return x + y;
    const bool inside = std::abs(x) < 4 && std::abs(y) < 4,
               same = std::fmod(std::floor(x / 2) + std::floor(y / 2), 2) == 0;
    return inside && same ? -entropy : -std::numeric_limits<double>::infinity();
  }
};
}  // namespace bijou
