#pragma once
#include <algorithm>
#include <cmath>
#include <limits>

#include <bijou/core/errors.hpp>
#include <bijou/distributions/gaussian_mixture.hpp>

namespace bijou {
/// The columns of N x D data shifted and scaled to mean 0 and variance 1:  x = mean + deviation z. Throws for a
/// constant column, which it names, and where a variance is beyond the largest number of the data's type.
template <class Wide>
struct UnitColumns {
  using Matrix = Eigen::Matrix<Wide, Dynamic, Dynamic>;
  Matrix z;
  Row<Wide> mean, deviation;

  explicit UnitColumns(const auto& data)
      : z(data.template cast<Wide>().matrix()), mean(data.cols()), deviation(data.cols()) {
    using T = typename std::remove_cvref_t<decltype(data)>::Scalar;
    for (Index j = 0; j < z.cols(); ++j) {
      auto column = z.col(j).array();
      const Wide low = column.minCoeff(), range = column.maxCoeff() - low;
      // Equal numbers have a rounded mean, from which all of them differ.
      require(range > 0, "expectation_maximization: the data's covariance is not positive definite: column ", j,
              " is constant (columns are counted from 0); leave it out");
      column = (column - low) / range;  // so that no sum and no square leaves the range of numbers
      const Wide centre = column.mean();
      column -= centre;
      const Wide scale = std::sqrt(column.square().mean());
      column /= scale;
      mean(j) = low + range * centre;
      deviation(j) = range * scale;
      require(deviation(j) * deviation(j) <= Wide(std::numeric_limits<T>::max()),
              "expectation_maximization: the data are too large, their covariance overflows");
    }
  }

  /// The density of x whose density of z is given, by  A (z - m) = A diag(1 / deviation) (x - mean - deviation m).
  template <class T>
  GaussianMixture<T, Dynamic> of_data(const GaussianMixture<Wide, Dynamic>& unit) const {
    GaussianMixture<T, Dynamic> mixture(unit.components(), unit.dim());
    mixture.logits = unit.logits.template cast<T>();
    for (int k = 0; k < unit.components(); ++k) {
      mixture.mean.row(k) = (mean + deviation * unit.mean.row(k).array()).template cast<T>().matrix();
      Index at = 0;
      for (Index i = 0; i < unit.dim(); ++i)
        for (Index j = 0; j <= i; ++j, ++at) {
          const Wide entry = unit.factor(k, at);
          const Wide a = (i == j ? std::exp(entry) : entry) / deviation(j);
          require(std::abs(a) <= Wide(std::numeric_limits<T>::max()),
                  "expectation_maximization: the data are too small, the inverse of column ", j,
                  "'s deviation overflows");
          mixture.factor(k, at) = T(i == j ? std::log(a) : a);
        }
    }
    return mixture;
  }
};

/// The first column of which, once those before it are known, less than the share `bound` of its variance is left; -1:
/// none. Variances below `bound` are compared with `bound`.
template <class Wide>
Index dependent_column(Eigen::Matrix<Wide, Dynamic, Dynamic> covariance, Wide bound) {
  const Row<Wide> variance = covariance.diagonal().array();
  for (Index j = 0; j < covariance.rows(); ++j) {
    const Wide left = covariance(j, j);
    if (!(left > bound * std::max(variance(j), bound))) return j;
    const Index rest = covariance.rows() - j - 1;
    covariance.bottomRightCorner(rest, rest) -= (covariance.col(j).tail(rest) / left) * covariance.row(j).tail(rest);
  }
  return -1;
}
}  // namespace bijou
