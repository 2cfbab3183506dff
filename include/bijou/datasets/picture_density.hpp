#pragma once
#include <vector>

#include <bijou/core/errors.hpp>
#include <bijou/datasets/toy_density.hpp>

namespace bijou {
/// A grey picture as a density on [0, 1]^2, constant in each pixel: x to the right, y upwards. Weights, one a pixel,
/// must not be negative. As in the face data set of Durkan et al. 2019.
class PictureDensity {
 public:
  explicit PictureDensity(Eigen::ArrayXXd weights) : weights_(std::move(weights)) {
    require(weights_.size() > 0 && (weights_ >= 0).all() && weights_.sum() > 0 && std::isfinite(weights_.sum()),
            "PictureDensity: weights must not be negative and not all 0, their sum finite");
    weights_ /= weights_.sum();
    double sum = 0;
    cumulative_.reserve(std::size_t(weights_.size()));
    for (Index i = 0; i < weights_.size(); ++i) cumulative_.push_back(sum += weights_.data()[i]);
  }
  void sample(Random& random, auto&& x) const {
    toy::sample_rows<3, 0>(random, x, [this](const auto& u, const auto&) {
      const auto found = std::upper_bound(cumulative_.begin(), cumulative_.end(), u(0) * cumulative_.back());
      const Index i = std::min<Index>(found - cumulative_.begin(), weights_.size() - 1), row = i % weights_.rows(),
                  column = i / weights_.rows();
      return std::pair{(double(column) + u(1)) / double(weights_.cols()),
                       1 - (double(row) + u(2)) / double(weights_.rows())};
    });
  }
  /// -inf outside the unit square and in black pixels.
  double log_prob(double x, double y) const {
    if (std::isnan(x) || std::isnan(y)) return x + y;
    if (!(x >= 0 && x <= 1 && y >= 0 && y <= 1)) return -std::numeric_limits<double>::infinity();
    const auto pixel = [](double t, Index n) { return std::min<Index>(n - 1, Index(t * double(n))); };
    return std::log(weights_(pixel(1 - y, weights_.rows()), pixel(x, weights_.cols())) * double(weights_.size()));
  }
  double entropy() const {
    return -(weights_ > 0).select(weights_ * (weights_ * double(weights_.size())).log(), 0.).sum();
  }
  const Eigen::ArrayXXd& weights() const { return weights_; }

 private:
  Eigen::ArrayXXd weights_;
  std::vector<double> cumulative_;
};
}  // namespace bijou
