#pragma once
#include <optional>

#include <bijou/distributions/gaussian_mixture.hpp>
#include <bijou/training/unit_columns.hpp>

namespace bijou {
/// How long and how carefully expectation_maximization searches.
struct ExpectationMaximizationOptions {
  int max_iterations = 200, starts = 3;
  double tolerance = 1e-6;  // nats a row by which an iteration must improve
  double floor = 1e-4;      // added to each variance, in units of the column's own
  std::uint64_t seed = 0;

  /// Throws std::invalid_argument naming the option that makes no sense.
  void check() const {
    require(max_iterations >= 1, "expectation_maximization: max_iterations must be at least 1, is ", max_iterations);
    require(starts >= 1, "expectation_maximization: starts must be at least 1, is ", starts);
    require(tolerance >= 0 && std::isfinite(tolerance),
            "expectation_maximization: tolerance must not be negative and finite, is ", tolerance);
    require(floor >= 0 && std::isfinite(floor), "expectation_maximization: floor must not be negative and finite, is ",
            floor);
  }
};

/// A mixture of K full-covariance Gaussians by maximum likelihood on N x D data (Dempster et al. 1977); the best of
/// some random starts. K = 1 is the Gaussian with the data's mean and covariance, no floor added. Computes in double or
/// wider on columns of variance 1. Throws for data that are not finite, have fewer rows than D + K + 1, or a constant
/// column, for K = 1 or a floor of 0 also for dependent columns (which it names), and where each start ends with a
/// component whose covariance is singular, as happens if floor is too small.
template <class T>
GaussianMixture<T, Dynamic> expectation_maximization(const Batch<T, Dynamic>& data, int components,
                                                     const ExpectationMaximizationOptions& options = {}) {
  using Wide = std::common_type_t<T, double>;
  using Matrix = Eigen::Matrix<Wide, Dynamic, Dynamic>;
  using Mixture = GaussianMixture<Wide, Dynamic>;
  const Index n = data.rows(), d = data.cols();
  options.check();
  require(components >= 1, "expectation_maximization: components must be at least 1, is ", components);
  require(n >= d + components + 1, "expectation_maximization: ", components, " components of ", d,
          " features need at least ", d + components + 1, " rows, data has ", n);
  require_finite("expectation_maximization", "data", data);
  const UnitColumns<Wide> columns(data);
  const auto& z = columns.z;
  const Matrix correlation = z.transpose() * z / Wide(n);
  if (components == 1 || options.floor == 0) {
    const Index j = dependent_column(correlation, Wide(1e-9));
    require(j < 0, "expectation_maximization: the data's covariance is not positive definite: column ", j,
            " is a linear function of the columns before it (columns are counted from 0); leave one of them out");
  }
  // Whether the covariance with the floor on its diagonal has full rank beyond rounding and became component k's.
  const auto set = [&](Mixture& mixture, int k, const Matrix& covariance) {
    Matrix c = covariance.template selfadjointView<Eigen::Lower>();  // rounding depends on the triangle
    if (components > 1) c.diagonal().array() += Wide(options.floor);
    const bool good = dependent_column(c, 16 * Wide(d) * std::numeric_limits<Wide>::epsilon()) < 0;
    if (good) mixture.set_covariance(k, c);
    return good;
  };
  if (components == 1) {
    Mixture normal(1, int(d));
    set(normal, 0, correlation);
    return columns.template of_data<T>(normal);
  }

  Random random{options.seed};
  std::optional<Mixture> best;
  Wide best_score = -std::numeric_limits<Wide>::infinity();
  PerSample<Wide> log_p(n);
  Batch<Wide, Dynamic> share(n, components);
  for (int start = 0; start < options.starts; ++start) {
    Mixture mixture(components, int(d));
    const auto order = random.permutation(n);
    bool good = true;
    for (int k = 0; k < components; ++k) {
      mixture.mean.row(k) = z.row(order(k));
      good = good && set(mixture, k, correlation / Wide(components));
    }
    Wide score = -std::numeric_limits<Wide>::infinity();
    for (int i = 0; good && i < options.max_iterations; ++i) {
      mixture.responsibilities(z, share, log_p);
      const Wide now = log_p.mean();
      if (now - score < Wide(options.tolerance)) break;
      score = now;
      for (int k = 0; good && k < components; ++k) {
        const Wide weight = std::max(share.col(k).sum(), Wide(1e-10));
        mixture.logits(k) = std::log(weight / Wide(n));
        mixture.mean.row(k) = (share.col(k).matrix().transpose() * z) / weight;
        const Matrix centred = z.rowwise() - mixture.mean.row(k);
        good = set(mixture, k, centred.transpose() * share.col(k).matrix().asDiagonal() * centred / weight);
      }
    }
    if (good && score > best_score) best_score = score, best = mixture;
  }
  require(best.has_value(), "expectation_maximization: in each of ", options.starts, " starts one of ", components,
          " components lost its width; give a larger floor (it is ", options.floor, ") or fewer components");
  return columns.template of_data<T>(*best);
}
}  // namespace bijou
