// expect: rows must be a Batch, or part of a column-major array
#include <bijou/distributions/gaussian_mixture.hpp>

using Rows = Eigen::Array<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
void wrong(const bijou::GaussianMixture<double, 2>& mixture, const Rows& z, Eigen::ArrayXd& log_p) {
  mixture.log_prob(z, log_p);
}
