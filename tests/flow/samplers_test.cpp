// Samplers against their distributions, fixed seeds.
#include <bijou/distributions/gaussian_mixture.hpp>
#include <bijou/transformers/exp.hpp>

#include "catch.hpp"
#include "flow/models.hpp"
#include "flow/uniformity.hpp"

using namespace bijou;
using test::normal_cdf_of, test::Uniformity;
namespace {
constexpr Index n = Uniformity::n;
/// u: values that are uniform in [0, 1] if the sampler is right.
void is_uniform(const Eigen::ArrayXd& u) {
  const Uniformity found(u);
  CHECK(found.chi_square < Uniformity::cells);
  CHECK(found.gap < Uniformity::dkw);
}
}  // namespace

TEMPLATE_TEST_CASE("samplers: uniform, normal and every base", "", float, double) {
  test::each_base_sample<TestType>([](const char* name, const Eigen::ArrayXd& u) {
    INFO(name);
    is_uniform(u);
  });
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
  const auto line = test::randomised(
      Flow{StandardNormal<double, 1>{}, Elementwise<OddPolynomial<2>, double, 1>{}, Elementwise<Affine, double, 1>{}},
      0.4);
  double covered = 0;
  is_uniform(test::through_own_density(line, covered));
  CHECK(covered == Approx(1).epsilon(1e-6));
  // Two features: the first is a mixture with a known distribution function, the second has one given the first.
  Random start{1}, random{17};
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
  constexpr int fine = 200;  // midpoints on [-4, 4]^2
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
