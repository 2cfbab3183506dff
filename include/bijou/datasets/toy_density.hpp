#pragma once
#include <cmath>
#include <numbers>

#include <bijou/core/errors.hpp>
#include <bijou/random/random.hpp>

namespace bijou {
/// A 2-D density to try flows on: a generator of independent points and, beside it, the exact log density and its
/// entropy (nats), the least mean negative log-likelihood that any model can reach.
template <class Density>
concept ToyDensity = requires(Random& random, Batch<double, 2>& x) {
  { Density::name } -> std::convertible_to<const char*>;
  { Density::entropy } -> std::convertible_to<double>;
  { Density::log_prob(0., 0.) } -> std::convertible_to<double>;
  Density::sample(random, x);
};
/// n independent points.
template <class T, class Density>
Batch<T, 2> sample(Density, Index n, Random& random) {
  require(n >= 0, "sample: n must not be negative, is ", n);
  Batch<T, 2> x(n, 2);
  Density::sample(random, x);
  return x;
}
/// log p of each row, nats; -inf outside the support.
template <ToyDensity Density>
PerSample<double> log_prob(Density, const auto& x) {
  require_columns("log_prob", "x", x, 2);
  PerSample<double> l(x.rows());
  for (Index i = 0; i < x.rows(); ++i) l(i) = Density::log_prob(double(x(i, 0)), double(x(i, 1)));
  return l;
}

namespace toy {
inline constexpr double pi = std::numbers::pi, log_two_pi = 1.8378770664093454836;

/// log N(x, y; (a, b), s^2 I)
inline double log_normal(double x, double y, double a, double b, double s) {
  const double u = (x - a) / s, v = (y - b) / s;
  return -0.5 * (u * u + v * v) - log_two_pi - 2 * std::log(s);
}
/// log N(x; m, s^2)
inline double log_normal(double x, double m, double s) {
  const double u = (x - m) / s;
  return -0.5 * (u * u) - 0.5 * log_two_pi - std::log(s);
}
/// log of a sum of terms that come one by one.
class LogSum {
 public:
  void add(double l) {
    if (l == -std::numeric_limits<double>::infinity()) return;
    if (l <= top_)
      rest_ += std::exp(l - top_);
    else
      rest_ = rest_ * std::exp(top_ - l) + 1, top_ = l;
  }
  double value() const { return rest_ > 0 ? top_ + std::log(rest_) : top_; }

 private:
  double top_ = -std::numeric_limits<double>::infinity(), rest_ = 0;
};
/// Fills x row by row from `uniforms` uniform and `normals` normal numbers a row: point(u, z) returns {x1, x2}.
template <int Uniforms, int Normals>
void sample_rows(Random& random, auto&& x, auto point) {
  using T = typename std::remove_cvref_t<decltype(x)>::Scalar;
  require_columns("sample", "x", x, 2);
  constexpr Index chunk = 128;
  Random after = random;
  for (Index first = 0; first < x.rows(); first += chunk) {
    const Index n = std::min(chunk, x.rows() - first);
    Random here = random;
    here.row += std::uint64_t(first);
    Eigen::Array<double, Dynamic, std::max(1, Uniforms), 0, chunk, std::max(1, Uniforms)> u(n, std::max(1, Uniforms));
    Eigen::Array<double, Dynamic, std::max(1, Normals), 0, chunk, std::max(1, Normals)> z(n, std::max(1, Normals));
    if (Uniforms > 0) here.uniform(u);
    if (Normals > 0) here.normal(z);
    for (Index i = 0; i < n; ++i) {
      const auto [a, b] = point(u.row(i), z.row(i));
      x(first + i, 0) = static_cast<T>(a);
      x(first + i, 1) = static_cast<T>(b);
    }
    after.draws = here.draws;
  }
  random.draws = after.draws;
}
}  // namespace toy
}  // namespace bijou
