#pragma once
#include <cmath>

#include <bijou/concepts/base.hpp>
#include <bijou/concepts/panel.hpp>
#include <bijou/core/errors.hpp>
#include <bijou/math/log.hpp>

namespace bijou {
/// Independent Beta(a, b) on (0, 1):  log p = sum_j (a - 1) log z_j + (b - 1) log(1 - z_j) - log B(a, b), -inf outside.
///     z_ = l_ ((a - 1) / z - (b - 1) / (1 - z)), 0 outside
template <class T, int Dim>
struct Beta {
  using Scalar = T;
  static constexpr int D = Dim;
  Eigen::Array<T, 1, 2> shape;  // a, b
  static auto fields(auto& self) { return named("shape", fixed(self.shape)); }

  explicit Beta(T a, T b, int d = D) : shape(a, b), dim_(d) {
    validate();
    require(d >= 1 && (D == Dynamic || d == D), "Beta: D must be ", D == Dynamic ? text("at least 1") : text(D),
            ", is ", d);
  }
  void validate() const {
    require((shape > 0).all() && shape.isFinite().all(), "Beta: a and b must be positive and finite, are ", shape(0),
            " and ", shape(1));
  }
  int dim() const { return dim_; }
  std::string describe() const { return text("beta(", dim(), ")"); }

  void log_prob(const auto& z, auto&& log_p) const {
    check_rows("Beta", *this, z, log_p);
    constexpr T inf = std::numeric_limits<T>::infinity();
    const T a = shape(0), b = shape(1), norm = T(z.cols()) * log_beta();
    fold_features(
        z, log_p.data(), [&](Index, int) { return Lanes<T>(-norm); },
        [&](auto sum, auto v, Index) {
          const auto inside = (v > Lanes<T>(0)) & (v < Lanes<T>(1));
          const auto term = Lanes<T>(a - 1) * log(v) + Lanes<T>(b - 1) * log1p(-v);
          return sum + select(inside | (v != v), term, Lanes<T>(-inf));
        });
  }
  void backward(const auto& z, const auto& g_log_p, auto&& g, Beta&) const {
    for (Index j = 0; j < z.cols(); ++j)
      g.col(j) += (z.col(j) > 0 && z.col(j) < 1)
                      .select(g_log_p * ((shape(0) - 1) / z.col(j) - (shape(1) - 1) / (1 - z.col(j))), T(0));
  }
  void sample(Random& random, auto&& z) const {
    require_columns("Beta", "z", z, dim());
    random.beta(z, double(shape(0)), double(shape(1)));
  }

 private:
  int dim_;
  /// log B(a, b). Of large shapes it is a small difference of large logarithms.
  T log_beta() const {
    const auto a = static_cast<long double>(shape(0)), b = static_cast<long double>(shape(1));
    return static_cast<T>(std::lgamma(a) + std::lgamma(b) - std::lgamma(a + b));
  }
};
}  // namespace bijou
