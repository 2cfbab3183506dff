#pragma once
#include <bijou/datasets/toy_density.hpp>

namespace bijou {
/// Energies of Rezende and Mohamed 2015 (arXiv:1505.05770, table 1), p ~ e^-U, as functions of rows:
/// energy(x, u, g): u <- U(x), g <- dU/dx; x, g: N x 2, u: N x 1, else throws.   log_z: log of the integral of e^-U
/// over |x| <= 4 and all y.
template <class Energy>
struct EnergyOf {
  void operator()(const auto& x, auto&& u, auto&& g) const {
    require_columns("energy", "x", x, 2);
    require_shape("energy", "u", u, x.rows(), 1);
    require_shape("energy", "g", g, x.rows(), 2);
    for (Index i = 0; i < x.rows(); ++i) {
      double gx = 0, gy = 0;
      using T = typename std::remove_cvref_t<decltype(x)>::Scalar;
      u(i) = static_cast<T>(Energy::value(double(x(i, 0)), double(x(i, 1)), gx, gy));
      g(i, 0) = static_cast<T>(gx);
      g(i, 1) = static_cast<T>(gy);
    }
  }

 protected:
  /// -log(e^-(a^2 / 2) + e^-(b^2 / 2)) and its derivatives by a^2 / 2 and b^2 / 2, also where these overflow.
  static double soft_min(double a, double b, double& by_a, double& by_b) {
    const double apart = a == b ? 0 : 0.5 * (b - a) * (b + a);  // b^2 / 2 - a^2 / 2
    by_a = 1 / (1 + std::exp(-apart));
    by_b = 1 / (1 + std::exp(apart));
    const double low = std::min(std::abs(a), std::abs(b));
    return 0.5 * low * low - std::log1p(std::exp(-std::abs(apart)));
  }
};
/// A ring with two bright sides.
struct EnergyRing : EnergyOf<EnergyRing> {
  static constexpr const char* name = "U1";
  static constexpr double log_z = 1.877502;
  static double value(double x, double y, double& gx, double& gy) {
    const double r = std::hypot(x, y), t = (r - 2) / 0.4, a = (x - 2) / 0.6, b = (x + 2) / 0.6;
    double pa, pb;
    const double sides = soft_min(a, b, pa, pb);
    gx = (r > 0 ? t / 0.4 * x / r : 0) + (pa * a + pb * b) / 0.6;
    gy = r > 0 ? t / 0.4 * y / r : 0;
    return 0.5 * t * t + sides;
  }
};
/// A sine wave of width 0.4; two waves; a wave that splits.
template <int Number>
struct EnergyWave : EnergyOf<EnergyWave<Number>> {
  static_assert(Number >= 2 && Number <= 4);
  static constexpr const char* name = Number == 2 ? "U2" : Number == 3 ? "U3" : "U4";
  static constexpr double log_z = Number == 2 ? 2.082089 : Number == 3 ? 2.641705 : 2.710698;
  static double value(double x, double y, double& gx, double& gy) {
    const double phase = toy::pi * std::fmod(x, 4) / 2;  // a remainder is exact, and no product of it infinite
    const double w1 = std::sin(phase), d1 = toy::pi / 2 * std::cos(phase);
    if constexpr (Number == 2) {
      const double t = (y - w1) / 0.4;
      gx = -t * d1 / 0.4;
      gy = t / 0.4;
      return 0.5 * t * t;
    } else {
      const double s = Number == 3 ? 0.35 : 0.4, c = (x - 1) / (Number == 3 ? 0.6 : 0.3);
      const double sigmoid = 1 / (1 + std::exp(-c)), w = Number == 3 ? 3 * std::exp(-0.5 * c * c) : 3 * sigmoid;
      const double dw = Number == 3 ? -w * c / 0.6 : w * (1 - sigmoid) / 0.3;
      const double a = (y - w1) / s, b = (y - w1 + w) / 0.35;
      double pa, pb;
      const double u = EnergyOf<EnergyWave>::soft_min(a, b, pa, pb);
      gx = -pa * a * d1 / s + pb * b * (dw - d1) / 0.35;
      gy = pa * a / s + pb * b / 0.35;
      return u;
    }
  }
};
}  // namespace bijou
