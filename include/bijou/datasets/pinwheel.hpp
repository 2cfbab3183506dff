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
  /// Sums over the roots a of a = u cos f(a) - v sin f(a), (u, v) = x / 2, with b = u sin f(a) + v cos f(a): then a^2 +
  /// b^2 = u^2 + v^2, and |a| is not larger. An arm turns by e^a / 4 per unit of a, so there are thousands of roots far
  /// out; they are looked for from the largest on, until no other can matter. Beyond a radius of 26 e^log_prob is 0 in
  /// double, and the logarithm -inf.
  static double log_prob(double x, double y) {
    if (std::isnan(x) || std::isnan(y)) return x + y;
    const double u = x / 2, v = y / 2, radius = std::hypot(u, v), reach = radius + 1e-9;
    if (radius > 13) return -std::numeric_limits<double>::infinity();
    const auto log_noise = [](double a, double b) { return toy::log_normal(a, 1, 0.3) + toy::log_normal(b, 0, 0.1); };
    // At a root or at any other a within reach: the logarithm is convex in a, hence no larger between two of them.
    const auto log_at = [&](double a) { return log_noise(a, std::sqrt(std::max(0., radius * radius - a * a))); };
    toy::LogSum sum;
    for (int k = 0; k < 5; ++k) {
      const auto at = [&](double a) {
        const double turning = 0.25 * std::exp(a), f = 2 * toy::pi / 5 * k + turning,
                     b = u * std::sin(f) + v * std::cos(f);
        return Point{a, b, a - u * std::cos(f) + v * std::sin(f), 1 + turning * b, turning};
      };
      const auto add_root = [&](const Point& left, const Point& right) {
        if ((left.miss < 0) == (right.miss < 0)) return;
        const Point p = root(at, &Point::miss, left, right);
        sum.add(log_noise(p.a, p.b) - std::log(std::abs(p.slope)));
      };
      Point right = at(reach);
      while (right.a > -reach && std::max(log_at(right.a), log_at(-reach)) > sum.value() - 60) {
        // Short steps, in a and in f, and from one turning point of the arm to the next: two roots are never missed.
        const Point left = at(std::max(-reach, right.a - 0.01 / (1 + right.turning / 10)));
        if ((left.slope < 0) != (right.slope < 0)) {
          const Point middle = root(at, &Point::slope, left, right);
          add_root(left, middle);
          add_root(middle, right);
        } else
          add_root(left, right);
        right = left;
      }
    }
    return sum.value() - std::log(20.);
  }

 private:
  struct Point {
    double a, b, miss, slope, turning;  // slope: of miss by a
  };
  /// Where what changes its sign between two points does so, by bisection to the last bit.
  static Point root(const auto& at, double Point::*what, Point left, Point right) {
    for (double a = (left.a + right.a) / 2; a > left.a && a < right.a; a = (left.a + right.a) / 2) {
      const Point middle = at(a);
      ((middle.*what < 0) == (left.*what < 0) ? left : right) = middle;
    }
    return left;
  }
};
}  // namespace bijou
