#pragma once
#include <optional>

#include <bijou/distributions/gaussian_mixture.hpp>
#include <bijou/training/degeneracies.hpp>

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
/// some random starts. K = 1 is the Gaussian with the data's mean and covariance, no floor added. Throws for data that
/// are not finite, have fewer rows than D + K + 1, or a constant column (for K = 1: dependent columns), which it names.
template <class T>
GaussianMixture<T, Dynamic> expectation_maximization(const Batch<T, Dynamic>& data, int components,
                                                     const ExpectationMaximizationOptions& options = {}) {
  using Matrix = Eigen::Matrix<T, Dynamic, Dynamic>;
  const Index n = data.rows(), d = data.cols();
  options.check();
  require(components >= 1, "expectation_maximization: components must be at least 1, is ", components);
  require(n >= d + components + 1, "expectation_maximization: ", components, " components of ", d,
          " features need at least ", d + components + 1, " rows, data has ", n);
  require_finite("expectation_maximization", "data", data);
  const Row<T> centre = data.colwise().mean();
  const Matrix all = (data.rowwise() - centre).matrix();
  const Matrix covariance = all.transpose() * all / T(n);
  const Matrix floor = Matrix(covariance.diagonal().asDiagonal()) * T(components == 1 ? 0. : options.floor);
  require(covariance.allFinite(), "expectation_maximization: the data are too large, their covariance overflows");
  if (Eigen::LLT<Matrix>(covariance + floor).info() != Eigen::Success) {
    std::string reasons;
    for (const auto& reason : degeneracies(data)) reasons += "; " + reason;
    require(false, "expectation_maximization: the data's covariance is not positive definite", reasons);
  }
  if (components == 1) return {centre, covariance};

  Random random{options.seed};
  std::optional<GaussianMixture<T, Dynamic>> best;
  T best_score = -std::numeric_limits<T>::infinity();
  for (int start = 0; start < options.starts; ++start) {
    GaussianMixture<T, Dynamic> mixture(components, int(d));
    const auto order = random.permutation(n);
    for (int k = 0; k < components; ++k) {
      mixture.mean.row(k) = data.row(order(k)).matrix();
      mixture.set_covariance(k, covariance / T(components) + floor);
    }
    PerSample<T> log_p(n);
    Batch<T, Dynamic> share(n, components);
    T score = -std::numeric_limits<T>::infinity();
    for (int i = 0; i < options.max_iterations; ++i) {
      mixture.responsibilities(data, share, log_p);
      const T now = log_p.mean();
      if (now - score < T(options.tolerance)) break;
      score = now;
      for (int k = 0; k < components; ++k) {
        const T weight = share.col(k).sum() + T(1e-10);
        mixture.logits(k) = std::log(weight / T(n));
        mixture.mean.row(k) = (data.colwise() * share.col(k)).colwise().sum().matrix() / weight;
        const Matrix centred = data.matrix().rowwise() - mixture.mean.row(k);
        mixture.set_covariance(k, centred.transpose() * share.col(k).matrix().asDiagonal() * centred / weight + floor);
      }
    }
    if (score > best_score) best_score = score, best = mixture;
  }
  return *best;
}
}  // namespace bijou
