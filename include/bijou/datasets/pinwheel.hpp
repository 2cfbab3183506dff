#pragma once
#include <bijou/datasets/toy_density.hpp>

namespace bijou {
/// Five normal arms, bent: a = 1 + 0.3 N, b = 0.1 N, turned by f = 2 pi k / 5 + e^a / 4, scaled by 2 (FFJORD).
struct Pinwheel {
  static constexpr const char* name = "pinwheel";
  static constexpr double entropy = 2.3178;
  static void sample(Random& random, auto&& x) {
    toy::sample_rows<1, 2>(random, x, [](const auto& u, const auto& z) {
      const double a = 1 + 0.3 * z(0), b = 0.1 * z(1), f = 2 * toy::pi / 5 * std::floor(5 * u(0)) + 0.25 * std::exp(a);
      return std::pair{2 * (a * std::cos(f) + b * std::sin(f)), 2 * (-a * std::sin(f) + b * std::cos(f))};
    });
  }
  /// Sums over the roots a of a = u cos f(a) - v sin f(a), (u, v) = x / 2; |a| <= |(u, v)|, and beyond 20 deviations an
  /// arm has no density that a double can hold. Roots by bisection to the last bit, between points of a fine grid.
  static double log_prob(double x, double y) {
    if (std::isnan(x) || std::isnan(y)) return x + y;
    const double u = x / 2, v = y / 2, reach = std::min(std::hypot(u, v), 7.) + 1e-9;
    toy::LogSum sum;
    for (int k = 0; k < 5; ++k) {
      const auto angle = [k](double a) { return 2 * toy::pi / 5 * k + 0.25 * std::exp(a); };
      const auto residual = [&](double a) { return a - u * std::cos(angle(a)) + v * std::sin(angle(a)); };
      double left = -reach, at_left = residual(left);
      while (left < reach) {
        // Steps short against the turning of the arm, whose angle changes by e^a / 4 per unit of a.
        const double right = left + 0.02 / (1 + std::exp(left)), at_right = residual(right);
        if ((at_left < 0) != (at_right < 0)) {
          const double a = root(residual, left, right), f = angle(a), b = u * std::sin(f) + v * std::cos(f);
          const double turning = std::abs(1 + 0.25 * std::exp(a) * b);
          sum.add(toy::log_normal(a, 1, 0.3) + toy::log_normal(b, 0, 0.1) - std::log(turning));
        }
        left = right;
        at_left = at_right;
      }
    }
    return sum.value() - std::log(20.);
  }

 private:
  static double root(const auto& f, double left, double right) {
    const bool rising = f(left) < 0;
    for (double middle = (left + right) / 2; middle > left && middle < right; middle = (left + right) / 2)
      ((f(middle) < 0) == rising ? left : right) = middle;
    return left;
  }
};
}  // namespace bijou
