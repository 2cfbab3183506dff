#pragma once
#include <bijou/concepts/base.hpp>
#include <bijou/concepts/panel.hpp>
#include <bijou/core/errors.hpp>
#include <bijou/math/sigmoid.hpp>
#include <bijou/math/tanh.hpp>

namespace bijou {
/// Independent standard logistics:  log p = sum_j -|z_j| - 2 log(1 + e^-|z_j|).      z_ = -l_ tanh(z / 2)
template <class T, int Dim>
struct Logistic {
  using Scalar = T;
  static constexpr int D = Dim;
  static auto fields(auto&) { return named(); }

  explicit Logistic(int d = D) : dim_(d) {
    require(d >= 1 && (D == Dynamic || d == D), "Logistic: D must be ", D == Dynamic ? text("at least 1") : text(D),
            ", is ", d);
  }
  int dim() const { return dim_; }
  std::string describe() const { return text("logistic(", dim(), ")"); }

  void log_prob(const auto& z, auto&& log_p) const {
    check_rows("Logistic", *this, z, log_p);
    fold_features(
        z, log_p.data(), [](Index, int) { return Lanes<T>(0); },
        [](auto sum, auto v, Index) {
          const auto a = abs(v);
          return sum - (a + Lanes<T>(2) * log1p(exp(-a)));
        });
  }
  void backward(const auto& z, const auto& g_log_p, auto&& g, Logistic&) const {
    each_panel<T>(z.rows(), [&](Index i, int count) {
      const auto l = Lanes<T>::load(g_log_p.data() + i, count);
      for (Index j = 0; j < z.cols(); ++j)
        add_to_panel(g, i, j, count, -l * tanh(Lanes<T>(0.5) * load_panel(z, i, j, count)));
    });
  }
  void sample(Random& random, auto&& z) const {
    require_columns("Logistic", "z", z, dim());
    random.logistic(z);
  }

 private:
  int dim_;
};
}  // namespace bijou
