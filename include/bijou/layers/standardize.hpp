#pragma once
#include <bijou/concepts/bijection.hpp>
#include <bijou/core/buffer.hpp>
#include <bijou/core/errors.hpp>

namespace bijou {
/// y_i = (x_i - mean_i) / deviation_i with numbers taken from data, not trained: the flow behind it works in
/// comfortable units while log p stays in the user's.   log|det J| = -sum_i log deviation_i
template <class T, int Dim>
struct Standardize {
  using Scalar = T;
  static constexpr int D = Dim;
  Row<T> mean, deviation;
  static auto fields(auto& self) { return named("mean", fixed(self.mean), "deviation", fixed(self.deviation)); }

  /// Mean and (population) standard deviation of each column, by two passes in double precision or better.
  /// Throws for fewer than two rows, for a value that is not finite, and for a constant column, which it names.
  explicit Standardize(const RowsOf<T, D>& data) : mean(data.cols()), deviation(data.cols()) {
    require(data.cols() >= 1 && (D == Dynamic || data.cols() == D), "Standardize: data must be N x ",
            D == Dynamic ? text("(1 or more)") : text(D), ", is ", data.rows(), " x ", data.cols());
    require(data.rows() >= 2, "Standardize: data must have at least 2 rows, has ", data.rows());
    require_finite("Standardize", "data", data);
    using Wide = std::conditional_t<std::is_same_v<T, float>, double, T>;
    const Wide n = static_cast<Wide>(data.rows());
    for (Index i = 0; i < data.cols(); ++i) {
      const auto column = data.col(i).template cast<Wide>();
      const Wide centre = column.sum() / n;
      mean(i) = static_cast<T>(centre);
      deviation(i) = static_cast<T>(std::sqrt((column - centre).square().sum() / n));
      require(std::isfinite(deviation(i)) && std::isfinite(mean(i)), "Standardize: column ", i,
              " (counted from 0) is too large: its mean or deviation overflows; divide it by a constant");
      require(column.maxCoeff() > column.minCoeff() && deviation(i) > 0, "Standardize: column ", i,
              " (counted from 0) is constant; leave it out: it has no density");
    }
  }
  /// Mean 0 and deviation 1 for d features: to be loaded from a file.
  explicit Standardize(int d = D) : mean(Row<T>::Zero(std::max(d, 0))), deviation(Row<T>::Ones(std::max(d, 0))) {
    require(d >= 1 && (D == Dynamic || d == D), "Standardize: d must be ", D == Dynamic ? text("at least 1") : text(D),
            ", is ", d);
  }
  /// Throws unless means are finite, deviations positive and finite.
  void validate() const {
    require_finite("Standardize", "mean", mean);
    require_finite("Standardize", "deviation", deviation);
    require((deviation > 0).all(), "Standardize: deviations must be positive, are ", deviation);
  }
  int dim() const { return int(mean.size()); }
  int transformed() const { return dim(); }
  std::string describe() const { return text("standardize(", dim(), ")"); }

  struct Saved {};
  void forward(Tile<T, D> t, Saved&) const {
    t.x.rowwise() -= mean;
    t.x.rowwise() /= deviation;
    t.log_det -= log_scale();
  }
  void inverse(Tile<T, D> t, Saved&) const {
    t.x.rowwise() *= deviation;
    t.x.rowwise() += mean;
    t.log_det += log_scale();
  }
  void backward(Saved&, Tile<T, D> g, Standardize&) const { g.x.rowwise() /= deviation; }
  void inverse_backward(Saved&, Tile<T, D> g, Standardize&) const { g.x.rowwise() *= deviation; }

 private:
  T log_scale() const {
    T total = 0;
    for (Index i = 0; i < deviation.size(); ++i) total += std::log(deviation(i));
    return total;
  }
};
}  // namespace bijou
