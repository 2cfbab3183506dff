// Samplers against their distributions, fixed seeds. Bounds are exceeded by a true sampler with probability 1e-6.
#include <bijou/distributions/gaussian_mixture.hpp>
#include <bijou/transformers/exp.hpp>

#include "catch.hpp"
#include "flow/models.hpp"

using namespace bijou;
namespace {
constexpr Index n = 1000000;
constexpr double dkw = 2.694e-3;  // sqrt(log(2 / 1e-6) / 2n): a gap of 5.4e-3 between distribution functions is seen
constexpr double chi_square = 180.8;  // 100 equal cells, 99 degrees of freedom: one cell off by 9 % is seen
double normal_cdf_of(double x) { return 0.5 * std::erfc(-x / std::sqrt(2.)); }

/// u: values that are uniform in [0, 1] if the sampler is right.
void is_uniform(Eigen::ArrayXd u) {
  Eigen::ArrayXd cells = Eigen::ArrayXd::Zero(100);
  for (double x : u) cells(std::min(99, int(100 * x))) += 1;
  CHECK((cells - n / 100).square().sum() / (n / 100) < chi_square);
  std::sort(u.begin(), u.end());
  double gap = 0;
  for (Index i = 0; i < n; ++i)
    gap = std::max({gap, std::abs(u(i) - double(i) / double(n)), std::abs(u(i) - double(i + 1) / double(n))});
  CHECK(gap < dkw);
}
/// Each column of the base's sample through the distribution function.
template <class B>
void follows(const char* name, const B& base, auto cdf) {
  INFO(name);
  Random random{17};
  Batch<typename B::Scalar, B::D> x(n, base.dim());
  base.sample(random, x);
  for (Index j = 0; j < x.cols(); ++j)
    is_uniform(x.col(j).template cast<double>().unaryExpr([&](double v) { return cdf(v, j); }));
}
}  // namespace

TEMPLATE_TEST_CASE("samplers: uniform, normal and every base", "", float, double) {
  using T = TestType;
  Random random{3};
  Batch<T, 1> u(n, 1);
  random.uniform(u);
  is_uniform(u.col(0).template cast<double>());
  follows("standard normal", StandardNormal<T, 2>{}, [](double x, Index) { return normal_cdf_of(x); });
  follows("logistic", Logistic<T, 1>{}, [](double x, Index) { return 1 / (1 + std::exp(-x)); });
  follows("box", UniformBox<T, 2>(Row<T>::Constant(2, -1), Row<T>::Constant(2, 3)),
          [](double x, Index) { return (x + 1) / 4; });
  follows("beta(2, 3)", Beta<T, 1>(2, 3), [](double x, Index) { return x * x * (6 + x * (-8 + 3 * x)); });
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
TEST_CASE("samplers: a correlated normal's projections") {
  Eigen::Matrix2d covariance;
  covariance << 2, 0.6, 0.6, 1;
  const GaussianMixture<double, 2> normal(Row<double>::Zero(2), covariance);
  Random random{17};
  Batch<double, 2> x(n, 2);
  normal.sample(random, x);
  for (double angle : {0., 0.5, 1.2, 2.5}) {
    const Eigen::Vector2d v(std::cos(angle), std::sin(angle));
    const double width = std::sqrt(v.dot(covariance * v));
    is_uniform((x.matrix() * v / width).array().unaryExpr([](double y) { return normal_cdf_of(y); }));
  }
}
TEST_CASE("samplers: flows follow the distribution that their density says") {
  // The density is the judge: its integral up to x, by a fine grid, is the distribution function of the samples.
  const auto line = test::randomised(
      Flow{StandardNormal<double, 1>{}, Elementwise<OddPolynomial<2>, double, 1>{}, Elementwise<Affine, double, 1>{}},
      0.4);
  constexpr Index cells = 400000;
  constexpr double low = -40, h = 80. / cells;
  Batch<double, 1> grid(cells, 1);
  grid.col(0) = PerSample<double>::LinSpaced(cells, low + h / 2, -low - h / 2);
  PerSample<double> cdf(cells + 1);
  cdf(0) = 0;
  const PerSample<double> p = line.log_prob(grid).exp() * h;
  for (Index i = 0; i < cells; ++i) cdf(i + 1) = cdf(i) + p(i);
  CHECK(cdf(cells) == Approx(1).epsilon(1e-6));
  Random random{17};
  const auto x = line.sample(n, random);
  is_uniform(x.col(0).unaryExpr([&](double v) {
    const double at = std::min(double(cells), std::max(0., (v - low) / h));
    const Index i = std::min(cells - 1, Index(at));
    return cdf(i) + (at - double(i)) * (cdf(i + 1) - cdf(i));
  }));
  // Two features: the first is a mixture with a known distribution function, the second has one given the first.
  Random start{1};
  const auto plane = test::randomised(autoregressive_mixture<double, 2, 3>({16}, start), 0.1);
  const auto points = plane.sample(n, random);
  const auto u = plane.forward(points);
  for (Index j : {0, 1}) is_uniform(u.col(j));
  // forward is the inverse of sampling by construction; that it is the distribution function, a count in cells tells.
  // 64 unit cells of [-4, 4]^2, and all that is outside.
  Eigen::ArrayXd count = Eigen::ArrayXd::Zero(65), wanted = count;
  const auto cell_of = [](double a, double b) {
    return std::abs(a) < 4 && std::abs(b) < 4 ? int(8 * std::floor(a + 4) + std::floor(b + 4)) : 64;
  };
  for (Index i = 0; i < n; ++i) count(cell_of(points(i, 0), points(i, 1))) += 1;
  constexpr int fine = 800;  // midpoints on [-4, 4]^2
  Batch<double, 2> row(fine, 2);
  row.col(1) = PerSample<double>::LinSpaced(fine, -4 + 4. / fine, 4 - 4. / fine);
  for (int i = 0; i < fine; ++i) {
    row.col(0).setConstant(-4 + 8. * (i + 0.5) / fine);
    const PerSample<double> mass = plane.log_prob(row).exp() * (8. / fine) * (8. / fine);
    for (int k = 0; k < fine; ++k) wanted(cell_of(row(k, 0), row(k, 1))) += mass(k);
  }
  wanted(64) = 1 - wanted.sum();
  double chi = 0;
  int used = 0;
  for (int k = 0; k < 65; ++k)
    if (wanted(k) * double(n) > 20)
      chi += std::pow(count(k) - wanted(k) * double(n), 2) / (wanted(k) * double(n)), ++used;
  CHECK(used > 10);
  CHECK(chi < 133.2);  // at most 64 degrees of freedom, 1e-6: 5 % in a cell of 10,000 is seen
}
