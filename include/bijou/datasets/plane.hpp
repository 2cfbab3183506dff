#pragma once
#include <bijou/datasets/toy_density.hpp>

namespace bijou {
// The plane densities of Durkan et al. 2019, Neural spline flows (arXiv:1906.04032): a normal feature and a normal one
// around a function of it. Their log densities are products of two normals.

/// N(0, 1) x N(0, 1/4).
struct Gaussian {
  static constexpr const char* name = "gaussian";
  static constexpr double entropy = 2.1447298858494002;
  static void sample(Random& random, auto&& x) {
    toy::sample_rows<0, 2>(random, x, [](const auto&, const auto& z) { return std::pair{z(0), 0.5 * z(1)}; });
  }
  static double log_prob(double x, double y) { return toy::log_normal(x, 0, 1) + toy::log_normal(y, 0, 0.5); }
};
/// (u, v): u normal, v around Curve::at(u) with Curve::deviation; or (v, u) where Curve::swapped.
template <class Curve>
struct AroundCurve {
  static void sample(Random& random, auto&& x) {
    toy::sample_rows<0, 2>(random, x, [](const auto&, const auto& z) {
      const double v = Curve::at(z(0)) + Curve::deviation * z(1);
      return Curve::swapped ? std::pair{v, double(z(0))} : std::pair{double(z(0)), v};
    });
  }
  static double log_prob(double x, double y) {
    const double u = Curve::swapped ? y : x, v = Curve::swapped ? x : y;
    if (std::isinf(u * u) || std::isinf(v)) return -(u * u + v * v);  // no density, and not every curve a number
    return toy::log_normal(u, 0, 1) + toy::log_normal(v, Curve::at(u), Curve::deviation);
  }
};
/// y ~ N(0, 1), x ~ N(y^2 / 2 - 1, e^-2).
struct Crescent : AroundCurve<Crescent> {
  static constexpr const char* name = "crescent";
  static constexpr double entropy = 1.8378770664093453, deviation = 0.36787944117144233;
  static constexpr bool swapped = true;
  static double at(double u) { return u * u / 2 - 1; }
};
/// y ~ N(0, 1), x ~ N(y^3 / 5, 1).
struct CrescentCubed : AroundCurve<CrescentCubed> {
  static constexpr const char* name = "crescent_cubed";
  static constexpr double entropy = 2.8378770664093453, deviation = 1;
  static constexpr bool swapped = true;
  static double at(double u) { return 0.2 * u * u * u; }
};
/// x ~ N(0, 1), y ~ N(sin 5x, e^-2).
struct SineWave : AroundCurve<SineWave> {
  static constexpr const char* name = "sine_wave";
  static constexpr double entropy = 1.8378770664093453, deviation = 0.36787944117144233;
  static constexpr bool swapped = false;
  static double at(double u) { return std::sin(5 * u); }
};
/// x ~ N(0, 1), y ~ N(|x| - 1, e^-3).
struct Abs : AroundCurve<Abs> {
  static constexpr const char* name = "abs";
  static constexpr double entropy = 1.3378770664093453, deviation = 0.22313016014842982;
  static constexpr bool swapped = false;
  static double at(double u) { return std::abs(u) - 1; }
};
/// x ~ N(0, 1), y ~ N(sign x + x, e^-3).
struct Sign : AroundCurve<Sign> {
  static constexpr const char* name = "sign";
  static constexpr double entropy = 1.3378770664093453, deviation = 0.22313016014842982;
  static constexpr bool swapped = false;
  static double at(double u) { return (u > 0 ? 1 : u < 0 ? -1 : 0) + u; }
};
/// A 20 x 20 grid of normals on [-2.5, 2.5]^2 of deviation 0.04, turned by 45 degrees.
struct Diamond {
  static constexpr const char* name = "diamond";
  static constexpr double entropy = 2.38608, deviation = 0.04;
  static void sample(Random& random, auto&& x) {
    toy::sample_rows<2, 2>(random, x, [](const auto& u, const auto& z) {
      const double a = mean(int(20 * u(0))) + deviation * z(0), b = mean(int(20 * u(1))) + deviation * z(1);
      return std::pair{(a + b) * q, (b - a) * q};
    });
  }
  static double log_prob(double x, double y) {
    const auto along = [](double a) {
      toy::LogSum sum;
      for (int i = 0; i < 20; ++i) sum.add(toy::log_normal(a, mean(i), deviation));
      return sum.value() - std::log(20.);
    };
    return along((x - y) * q) + along((x + y) * q);
  }

 private:
  static constexpr double q = 0.70710678118654752;
  static double mean(int i) { return -2.5 + 5. * i / 19; }
};
/// Points (u, u), u uniform in [-2.5, 2.5]: no density, so a generator alone.
struct Line {
  static constexpr const char* name = "line";
  static void sample(Random& random, auto&& x) {
    toy::sample_rows<1, 0>(random, x, [](const auto& u, const auto&) {
      return std::pair{5 * u(0) - 2.5, 5 * u(0) - 2.5};
    });
  }
};
/// Points (u, 2.5 sin u), the same. Called cos where it comes from.
struct Cos {
  static constexpr const char* name = "cos";
  static void sample(Random& random, auto&& x) {
    toy::sample_rows<1, 0>(random, x, [](const auto& u, const auto&) {
      return std::pair{5 * u(0) - 2.5, 2.5 * std::sin(5 * u(0) - 2.5)};
    });
  }
};
}  // namespace bijou
