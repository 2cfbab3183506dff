#pragma once
#include <bijou/math/sigmoid.hpp>
#include <bijou/math/tanh.hpp>
#include <bijou/transformers/exp.hpp>

namespace bijou {
/// y = tanh x, R -> (-1, 1), log h' = 2 (log 2 - |x| - log(1 + e^-2|x|)).
///     x_ = y_ (1 - y^2) - 2 l_ y.      No parameters.
struct TanhMap {
  static constexpr int arity = 0;
  static constexpr const char* name = "tanh";
  template <class V>
  static void forward(V& x, const auto&, V& log_det) {
    log_det += log_slope(x);
    x = tanh(x);
  }
  /// x = log((1 + y) / (1 - y)) / 2
  template <class V>
  static void inverse(V& x, const auto&, V& log_det) {
    keep_inside(abs(x) < V(1), V(0), x, log_det);
    const V a = abs(x);
    x = copysign(V(0.5) * log1p(V(2) * a / (V(1) - a)), x);
    log_det -= log_slope(x);
  }
  template <class V>
  static void backward(const V& x, const auto&, V& g, const V& g_log_det, auto&&) {
    const V e = exp(V(-2) * abs(x)), d = V(1) + e;
    g = g * (V(4) * e / (d * d)) - V(2) * g_log_det * tanh(x);
  }

 private:
  template <class V>
  static V log_slope(V x) {
    const V a = abs(x);
    return V(2) * (V(std::numbers::ln2_v<typename V::Scalar>) - a - log1p(exp(V(-2) * a)));
  }
};
}  // namespace bijou
