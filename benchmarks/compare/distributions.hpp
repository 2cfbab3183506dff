#pragma once
// Densities without a net, compared with SciPy and scikit-learn (scipy_side.py): double, the same parameters and work.
// Functions of one number go through a column, as scipy.special's do.
#include <bijou/bijou.hpp>
#include <optional>
#include <string>

#include "../stopwatch.hpp"

namespace bijou::bench {
/// log_prob or sample of a base density, without the flow around it; nothing in the other tasks.
template <class Base>
std::optional<double> base_time(const Base& base, const std::string& task, Index n) {
  using T = typename Base::Scalar;
  Random random{3};
  Batch<T, Base::D> x(n, base.dim());
  base.sample(random, x);
  PerSample<T> out(n);
  used(x.data()), used(out.data());
  if (task == "log_prob") return median_microseconds([&] { base.log_prob(x, out); });
  if (task == "sample") return median_microseconds([&] { base.sample(random, x); });
  return {};
}
/// A function of one number on n of them.
inline double column_time(Index n, const PerSample<double>& x, Lanes<double> (*f)(Lanes<double>)) {
  PerSample<double> out(n);
  used(out.data());
  return median_microseconds([&] {
    each_panel<double>(n,
                       [&](Index i, int count) { f(Lanes<double>::load(x.data() + i, count)).store(&out(i), count); });
  });
}
/// Five overlapping clouds on a diagonal.
inline Batch<double, Dynamic> clouds(Index n) {
  Random random{4};
  Batch<double, Dynamic> x(n, 3);
  random.normal(x);
  for (Index i = 0; i < n; ++i) x.row(i) = x.row(i) * (1 + 0.2 * double(i % 5)) + 2.0 * double(i % 5);
  return x;
}
/// Microseconds of a task of gmm3, mvn6, normal1 or beta1; nothing for other models.
inline std::optional<double> distribution_time(const std::string& model, const std::string& task, Index n) {
  // As many iterations as scikit-learn is asked for, from one start.
  const ExpectationMaximizationOptions twenty{.max_iterations = 20, .starts = 1, .tolerance = 0};
  if (model == "gmm3") {
    const auto x = clouds(n);
    if (task == "fit") return median_microseconds([&] { expectation_maximization(x, 5, twenty); });
    return base_time(expectation_maximization(clouds(5000), 5, twenty), task, n);
  }
  if (model == "mvn6") {
    const Eigen::MatrixXd covariance = 0.5 * Eigen::MatrixXd::Identity(6, 6) + Eigen::MatrixXd::Constant(6, 6, 0.5);
    return base_time(GaussianMixture<double, 6>(Row<double>::Zero(6), covariance), task, n);
  }
  if (model == "normal1") {
    PerSample<double> x(n);
    Random random{5};
    random.normal(x);
    if (task == "cdf") return column_time(n, x, [](Lanes<double> v) { return normal_cdf(v); });
    if (task != "ppf") return base_time(StandardNormal<double, 1>{}, task, n);
    for (auto& v : x) v = normal_cdf(Lanes<double>(v))[0];
    return column_time(n, x, [](Lanes<double> v) { return inverse_normal_cdf(v); });
  }
  if (model == "beta1") return base_time(Beta<double, 1>(2.5, 1.5), task, n);
  return {};
}
}  // namespace bijou::bench
