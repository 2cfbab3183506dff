#pragma once
#include <algorithm>

#include <bijou/bijou.hpp>

namespace bijou::test {
#ifndef BIJOU_DRAWS
#define BIJOU_DRAWS 1000000  // less where programs are slow: coverage, mutations, address sanitizer
#endif
/// How far a sample is from uniform in [0, 1]. Bounds are exceeded by a true sampler with probability 1e-6.
struct Uniformity {
  static constexpr Index n = BIJOU_DRAWS;
  /// 2.69e-3 for a million: a gap of 5.4e-3 between distributions is seen.
  static inline const double dkw = std::sqrt(std::log(2 / 1e-6) / (2. * n));
  /// 100 equal cells, 99 degrees of freedom: for a million, one off by 9 % is seen.
  static constexpr double cells = 180.8;
  double gap = 0, chi_square = 0;
  explicit Uniformity(Eigen::ArrayXd u) {
    Eigen::ArrayXd count = Eigen::ArrayXd::Zero(100);
    for (double x : u) count(std::min(99, int(100 * x))) += 1;
    chi_square = (count - n / 100).square().sum() / (n / 100);
    std::sort(u.begin(), u.end());
    for (Index i = 0; i < n; ++i)
      gap = std::max({gap, std::abs(u(i) - double(i) / double(n)), std::abs(u(i) - double(i + 1) / double(n))});
  }
};
inline double normal_cdf_of(double x) { return 0.5 * std::erfc(-x / std::sqrt(2.)); }

/// visit(name, u) for the numbers of each sampler, each column through the distribution function.
template <class T>
void each_base_sample(const auto& visit) {
  constexpr Index n = Uniformity::n;
  const auto follows = [&](const char* name, const auto& base, auto cdf) {
    using B = std::remove_cvref_t<decltype(base)>;
    Random random{17};
    Batch<T, B::D> x(n, base.dim());
    base.sample(random, x);
    for (Index j = 0; j < x.cols(); ++j)
      visit(name, Eigen::ArrayXd(x.col(j).template cast<double>().unaryExpr([&](double v) { return cdf(v, j); })));
  };
  Random random{3};
  Batch<T, 1> u(n, 1);
  random.uniform(u);
  visit("uniform", Eigen::ArrayXd(u.col(0).template cast<double>()));
  follows("standard normal", StandardNormal<T, 2>{}, [](double x, Index) { return normal_cdf_of(x); });
  follows("logistic", Logistic<T, 1>{}, [](double x, Index) { return 1 / (1 + std::exp(-x)); });
  follows("box", UniformBox<T, 2>(Row<T>::Constant(2, -1), Row<T>::Constant(2, 3)),
          [](double x, Index) { return (x + 1) / 4; });
  follows("beta(2, 3)", Beta<T, 1>(2, 3), [](double x, Index) { return x * x * (6 + x * (-8 + 3 * x)); });
  follows("beta(5, 5)", Beta<T, 1>(5, 5),
          [](double x, Index) { return std::pow(x, 5) * (126 + x * (-420 + x * (540 + x * (-315 + x * 70)))); });
  follows("beta(1/2, 1)", Beta<T, 1>(T(0.5), 1), [](double x, Index) { return std::sqrt(x); });
  DiagonalNormal<T, 2> diagonal;
  diagonal.mean << 1, -2;
  diagonal.log_scale << 0, T(0.5);
  follows("diagonal normal", diagonal,
          [](double x, Index j) { return j ? normal_cdf_of((x + 2) * std::exp(-0.5)) : normal_cdf_of(x - 1); });
  GaussianMixture<T, 1> mixture(2, 1);
  mixture.logits << T(std::log(0.3)), T(std::log(0.7));
  mixture.mean << -2, 1;
  mixture.factor << 0, T(std::log(2.));
  follows("mixture", mixture,
          [](double x, Index) { return 0.3 * normal_cdf_of(x + 2) + 0.7 * normal_cdf_of(2 * (x - 1)); });
}
/// The flow's density is the judge of its own samples: its integral up to x, by a fine grid, is the distribution
/// function. covered: the integral over the grid.
template <class F>
Eigen::ArrayXd through_own_density(const F& line, double& covered) {
  constexpr Index cells = 2 * Uniformity::n / 5;
  constexpr double low = -40, h = 80. / double(cells);
  using T = typename F::Scalar;
  Batch<T, 1> grid(cells, 1);
  grid.col(0) = PerSample<double>::LinSpaced(cells, low + h / 2, -low - h / 2).cast<T>();
  PerSample<double> cdf(cells + 1);
  cdf(0) = 0;
  const PerSample<double> p = line.log_prob(grid).template cast<double>().exp() * h;
  for (Index i = 0; i < cells; ++i) cdf(i + 1) = cdf(i) + p(i);
  covered = cdf(cells);
  Random random{17};
  const Batch<T, 1> x = line.sample(Uniformity::n, random);
  return x.col(0).template cast<double>().unaryExpr([&](double v) {
    const double at = std::min(double(cells), std::max(0., (v - low) / h));
    const Index i = std::min(cells - 1, Index(at));
    return cdf(i) + (at - double(i)) * (cdf(i + 1) - cdf(i));
  });
}
}  // namespace bijou::test
