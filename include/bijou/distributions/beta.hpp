#pragma once
#include <bijou/concepts/base.hpp>
#include <bijou/concepts/panel.hpp>
#include <bijou/core/errors.hpp>
#include <bijou/math/log.hpp>
#include <bijou/math/log_beta.hpp>

namespace bijou {
/// Independent Beta(a, b) on (0, 1):  log p = sum_j (a - 1) log z_j + (b - 1) log(1 - z_j) - log B(a, b), -inf outside.
///     z_ = l_ ((a - 1) / z - (b - 1) / (1 - z)), 0 outside
template <class T, int Dim>
struct Beta {
  using Scalar = T;
  static constexpr int D = Dim;
  static auto fields(auto& self) { return named("shape", fixed(self.shape_)); }

  explicit Beta(T a, T b, int d = D) : shape_(a, b), dim_(d) {
    validate();
    require(d >= 1 && (D == Dynamic || d == D), "Beta: D must be ", D == Dynamic ? text("at least 1") : text(D),
            ", is ", d);
  }
  /// Throws unless a and b are positive and finite; log B is that of these shapes from here on.
  void validate() {
    require((shape_ > 0).all() && shape_.isFinite().all(), "Beta: a and b must be positive and finite, are ", a(),
            " and ", b());
    log_beta_ = static_cast<T>(log_beta(static_cast<long double>(a()), static_cast<long double>(b())));
  }
  T a() const { return shape_(0); }
  T b() const { return shape_(1); }
  int dim() const { return dim_; }
  std::string describe() const { return text("beta(", dim(), ")"); }

  void log_prob(const auto& z, auto&& log_p) const {
    check_rows("Beta", *this, z, log_p);
    constexpr T inf = std::numeric_limits<T>::infinity();
    const T norm = T(z.cols()) * log_beta_;
    fold_features(
        z, log_p.data(), [&](Index, int) { return Lanes<T>(-norm); },
        [&](auto sum, auto v, Index) {
          const auto inside = (v > Lanes<T>(0)) & (v < Lanes<T>(1));
          const auto term = Lanes<T>(a() - 1) * log(v) + Lanes<T>(b() - 1) * log1p(-v);
          return sum + select(inside | (v != v), term, Lanes<T>(-inf));
        });
  }
  void backward(const auto& z, const auto& g_log_p, auto&& g, Beta&) const {
    for (Index j = 0; j < z.cols(); ++j)
      g.col(j) +=
          (z.col(j) > 0 && z.col(j) < 1).select(g_log_p * ((a() - 1) / z.col(j) - (b() - 1) / (1 - z.col(j))), T(0));
  }
  void sample(Random& random, auto&& z) const {
    require_columns("Beta", "z", z, dim());
    random.beta(z, double(a()), double(b()));
  }

 private:
  Eigen::Array<T, 1, 2> shape_;  // a, b
  int dim_;
  T log_beta_;
};
}  // namespace bijou
