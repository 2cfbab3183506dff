#pragma once
#include <bijou/concepts/base.hpp>
#include <bijou/concepts/panel.hpp>
#include <bijou/core/errors.hpp>
#include <bijou/core/gradient.hpp>
#include <bijou/math/normal.hpp>

namespace bijou {
/// Independent normals with trained mean m and log-scale s:  log p = sum_j -u_j^2 / 2 - s_j - log(2 pi) / 2,
/// u = (z - m) e^-s.      z_ = -l_ u e^-s,  m_ = -z_,  s_ = l_ (u^2 - 1)
template <class T, int Dim>
struct DiagonalNormal {
  using Scalar = T;
  static constexpr int D = Dim;
  Row<T> mean, log_scale;
  static auto fields(auto& self) { return named("mean", self.mean, "log_scale", self.log_scale); }

  explicit DiagonalNormal(int d = D) : mean(Row<T>::Zero(std::max(d, 0))), log_scale(mean) {
    require(d >= 1 && (D == Dynamic || d == D), "DiagonalNormal: D must be ",
            D == Dynamic ? text("at least 1") : text(D), ", is ", d);
  }
  int dim() const { return int(mean.size()); }
  std::string describe() const { return text("diagonal_normal(", dim(), ")"); }

  void log_prob(const auto& z, auto&& log_p) const {
    check_rows("DiagonalNormal", *this, z, log_p);
    fold_features(
        z, log_p.data(), [](Index, int) { return Lanes<T>(0); },
        [&](auto sum, auto v, Index j) { return sum + (normal_log_density((v - mean(j)) * rate(j)) - log_scale(j)); });
  }
  void backward(const auto& z, const auto& g_log_p, auto&& g, DiagonalNormal& grad) const {
    for (Index j = 0; j < z.cols(); ++j) {
      const T r = rate(j);
      // Rows without density, whose z may be infinite, pass nothing on.
      const auto u = (g_log_p == T(0)).select(T(0), (z.col(j) - mean(j)) * r);
      g.col(j) -= g_log_p * u * r;
      if (grad.mean.size()) grad.mean(j) += (g_log_p * u).sum() * r;
      if (grad.log_scale.size()) grad.log_scale(j) += (g_log_p * (u.square() - 1)).sum();
    }
  }
  void sample(Random& random, auto&& z) const {
    require_columns("DiagonalNormal", "z", z, dim());
    random.normal(z);
    for (Index j = 0; j < z.cols(); ++j) {
      const Lanes<T> scale(std::exp(log_scale(j))), centre(mean(j));
      transform_column(
          z.rows(), column(z, j).data(), [&](auto e) { return fused(e, scale, centre); }, column(z, j).data());
    }
  }
  /// z = m + e e^s: log p(z) = -|e|^2 / 2 - sum s, so that  m_ = z_,  s_ = z_ (z - m) - l_.
  void sample_backward(const auto& z, const auto& g, const auto& g_log_p, DiagonalNormal& grad) const {
    for (Index j = 0; j < z.cols(); ++j) {
      if (grad.mean.size()) grad.mean(j) += g.col(j).sum();
      if (grad.log_scale.size()) grad.log_scale(j) += (g.col(j) * (z.col(j) - mean(j)) - g_log_p).sum();
    }
  }

 private:
  /// e^-s, finite: at the mean of a scale that is none the density is high, not NaN.
  T rate(Index j) const { return std::min(std::exp(-log_scale(j)), std::numeric_limits<T>::max()); }
};
}  // namespace bijou
