#pragma once
#include <bijou/concepts/base.hpp>
#include <bijou/concepts/panel.hpp>
#include <bijou/core/errors.hpp>

namespace bijou {
/// Uniform on a box, its faces included (a CDF may round to 1):  log p = -sum_j log(upper_j - lower_j) inside, -inf
/// outside.
template <class T, int Dim>
struct UniformBox {
  using Scalar = T;
  static constexpr int D = Dim;
  Row<T> lower, upper;
  static auto fields(auto& self) { return named("lower", fixed(self.lower), "upper", fixed(self.upper)); }

  /// The unit box.
  explicit UniformBox(int d = D) : UniformBox(Row<T>::Zero(std::max(d, 0)), Row<T>::Ones(std::max(d, 0))) {}
  UniformBox(Row<T> low, Row<T> high) : lower(std::move(low)), upper(std::move(high)) {
    require(lower.size() >= 1 && (D == Dynamic || lower.size() == D), "UniformBox: lower must have ",
            D == Dynamic ? text("at least 1") : text(D), " entries, has ", lower.size());
    require(upper.size() == lower.size(), "UniformBox: upper must have ", lower.size(), " entries, has ", upper.size());
    validate();
  }
  /// Throws unless lower < upper, both finite.
  void validate() const {
    require((lower < upper).all() && (upper - lower).isFinite().all(),
            "UniformBox: lower must be below upper, both finite: lower ", lower, ", upper ", upper);
  }
  int dim() const { return int(lower.size()); }
  std::string describe() const { return text("uniform_box(", dim(), ")"); }

  void log_prob(const auto& z, auto&& log_p) const {
    check_rows("UniformBox", *this, z, log_p);
    constexpr T nowhere = -std::numeric_limits<T>::infinity();
    T inside = 0;
    for (Index j = 0; j < z.cols(); ++j)
      if (const T length = upper(j) - lower(j); length != 1) inside -= std::log(length);
    using V = Lanes<T>;
    fold_features(
        z, log_p.data(), [&](Index, int) { return V(inside); },
        [&](V value, V at, Index j) {
          const auto within = (at >= V(lower(j))) & (at <= V(upper(j)));
          return select(at != at, at, select(within | (value != value), value, V(nowhere)));  // NaN in any is NaN
        });
  }
  void backward(const auto&, const auto&, auto&&, UniformBox&) const {}
  void sample(Random& random, auto&& z) const {
    require_columns("UniformBox", "z", z, dim());
    random.uniform(z);
    for (Index j = 0; j < z.cols(); ++j) {
      const Lanes<T> length(upper(j) - lower(j)), from(lower(j));
      transform_column(
          z.rows(), column(z, j).data(), [&](auto u) { return fused(u, length, from); }, column(z, j).data());
    }
  }
};
}  // namespace bijou
