#pragma once
#include <bijou/concepts/base.hpp>
#include <bijou/concepts/panel.hpp>
#include <bijou/core/columns.hpp>
#include <bijou/core/errors.hpp>
#include <bijou/math/normal.hpp>

namespace bijou {
/// N(0, I):  log p(z) = -|z|^2 / 2 - D log(2 pi) / 2.      z_ = -l_ z
template <class T, int Dim>
struct StandardNormal {
  using Scalar = T;
  static constexpr int D = Dim;
  static auto fields(auto&) { return named(); }

  explicit StandardNormal(int d = D) : dim_(d) {
    require(d >= 1 && (D == Dynamic || d == D), "StandardNormal: D must be ",
            D == Dynamic ? text("at least 1") : text(D), ", is ", d);
  }
  int dim() const { return dim_; }
  std::string describe() const { return text("standard_normal(", dim(), ")"); }

  void log_prob(const auto& z, auto&& log_p) const {
    check_rows("StandardNormal", *this, z, log_p);
    each_panel<T>(z.rows(), [&](Index i, int count) {
      Lanes<T> sum(0);
      for (Index j = 0; j < z.cols(); ++j) {
        const auto v = load_panel(z, i, j, count);
        sum = fused(v, v, sum);
      }
      (Lanes<T>(-0.5) * sum - Lanes<T>(T(z.cols()) * T(log_sqrt_two_pi))).store(log_p.data() + i, count);
    });
  }
  void backward(const auto& z, const auto& g_log_p, auto&& g, StandardNormal&) const {
    for (Index j = 0; j < z.cols(); ++j)
      transform_column(
          z.rows(), column(g, j).data(),
          // Rows without density, whose z may be infinite, pass nothing on.
          [](auto a, auto x, auto l) { return select(l == decltype(l)(0), a, a - x * l); }, column(g, j).data(),
          column(z, j).data(), g_log_p.data());
  }
  void sample(Random& random, auto&& z) const {
    require_columns("StandardNormal", "z", z, dim());
    random.normal(z);
  }

 private:
  int dim_;
};
}  // namespace bijou
