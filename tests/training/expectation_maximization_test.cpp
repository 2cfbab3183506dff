// Expectation maximisation where sums, squares and ranks are hard: many rows, small units, planes, floors of 0.
#include <bijou/bijou.hpp>
#include <bijou/training/expectation_maximization.hpp>
#include <bijou/training/unit_columns.hpp>

#include "catch.hpp"

using namespace bijou;
using Catch::Contains;
namespace {
/// The covariance of component k, (A^T A)^-1.
template <class T>
Eigen::MatrixXd covariance(const GaussianMixture<T, Dynamic>& mixture, int k) {
  const int d = mixture.dim();
  Eigen::MatrixXd a = Eigen::MatrixXd::Zero(d, d);
  for (int i = 0, at = 0; i < d; ++i)
    for (int j = 0; j <= i; ++j, ++at)
      a(i, j) = i == j ? std::exp(double(mixture.factor(k, at))) : double(mixture.factor(k, at));
  return (a.transpose() * a).inverse();
}
template <class T>
Batch<T, Dynamic> normals(Index n, Index d) {
  Random random{3};
  Batch<T, Dynamic> x(n, d);
  random.normal(x);
  return x;
}
}  // namespace

TEST_CASE("expectation maximization: float sums of many rows") {
  constexpr Index n = 100000;
  Batch<float, Dynamic> x(n, 1);
  for (Index i = 0; i < n; ++i) x(i) = i % 2 ? 99001.f : 98999.f;
  for (int k : {1, 2}) {
    const auto mixture = expectation_maximization(x, k, {.max_iterations = 2, .starts = 1, .floor = 0.25});
    double mean = 0, weights = 0;
    for (int i = 0; i < k; ++i) {
      const double weight = std::exp(double(mixture.logits(i)));
      mean += weight * double(mixture.mean(i));
      weights += weight;
    }
    CHECK(std::abs(mean - 99000) < 1e-2);
    CHECK(std::abs(weights - 1) < 1e-6);
    if (k == 1) CHECK(std::abs(covariance(mixture, 0)(0) - 1) < 1e-6);
  }
}
TEMPLATE_TEST_CASE("expectation maximization: any units", "", float, double, long double) {
  using T = TestType;
  const auto x = [](T unit) -> Batch<T, Dynamic> {
    Batch<T, Dynamic> a = normals<T>(2000, 2);
    a.col(1) = T(0.5) * a.col(0) - a.col(1);
    for (Index i = 0; i < a.rows(); i += 4) a(i, 0) += 20;
    return a * unit;
  };
  const double eps = double(std::numeric_limits<T>::epsilon());
  for (int k : {1, 2}) {
    const auto wanted = expectation_maximization(x(1), k);
    for (const T unit : {std::ldexp(T(1), -83), std::ldexp(T(1), 55)}) {  // 1e-25: its square is 0 in float
      const auto got = expectation_maximization(x(unit), k);
      CHECK(double((got.logits - wanted.logits).abs().maxCoeff()) < 64 * eps);
      CHECK(double((got.mean / unit - wanted.mean).cwiseAbs().maxCoeff()) < 64 * eps);
      for (int i = 0; i < k; ++i)
        CHECK((covariance(got, i) / double(unit) / double(unit) - covariance(wanted, i)).cwiseAbs().maxCoeff() < 1e-3);
    }
  }
  const auto normal = expectation_maximization(x(1), 1);
  const Eigen::MatrixXd data = x(1).template cast<double>().matrix();
  const Eigen::RowVectorXd mean = data.colwise().mean();
  const Eigen::MatrixXd centred = data.rowwise() - mean;
  CHECK((normal.mean.template cast<double>() - mean).cwiseAbs().maxCoeff() < std::max(10 * eps, 1e-13));
  CHECK((covariance(normal, 0) - centred.transpose() * centred / 2000.).cwiseAbs().maxCoeff() < 1e-4);
  CHECK_THROWS_WITH(expectation_maximization<T>(x(1) * std::numeric_limits<T>::denorm_min(), 1),
                    Contains("the data are too small, the inverse of column 0's deviation overflows"));
}
TEMPLATE_TEST_CASE("expectation maximization: columns without a density, which rounding hides", "", float, double) {
  using T = TestType;
  const auto good = normals<T>(1000, 3);
  auto x = good;
  x.col(1).setConstant(T(0.1));
  for (int k : {1, 2})
    CHECK_THROWS_WITH(expectation_maximization(x, k), Contains("column 1 is constant (columns are counted from 0)"));
  x = good;
  x.col(2) = T(0.1) * x.col(0) - T(0.7) * x.col(1) + 1000;
  const ExpectationMaximizationOptions no_floor{.starts = 1, .floor = 0};
  const auto dependent =
      Contains("column 2 is a linear function of the columns before it (columns are counted from 0)");
  CHECK_THROWS_WITH(expectation_maximization(x, 1), dependent);
  CHECK_THROWS_WITH(expectation_maximization(x, 2, no_floor), dependent);
  CHECK(all_finite(expectation_maximization(x, 2, {.starts = 1})));
  x.col(2) += T(1e-3) * good.col(2);
  CHECK(all_finite(expectation_maximization(x, 1)));
}
TEST_CASE("expectation maximization: starts whose components lose their width are given up") {
  Batch<double, Dynamic> x = normals<double>(60, 1);
  for (Index i = 0; i < 60; i += 4) x(i) = 0;  // what a component without a floor is drawn to
  const auto fitted = [&](int starts, std::uint64_t seed) {
    return expectation_maximization(x, 4, {.starts = starts, .floor = 0, .seed = seed});
  };
  CHECK_THROWS_WITH(fitted(3, 0), Contains("in each of 3 starts one of 4 components lost its width") &&
                                      Contains("larger floor (it is 0)"));
  CHECK_THROWS_AS(fitted(1, 1), std::invalid_argument);
  const auto mixture = fitted(3, 1);  // the second or third start
  for (int k = 0; k < 4; ++k) CHECK(covariance(mixture, k)(0) > 1e-4);
  CHECK(all_finite(expectation_maximization(x, 4)));
}
